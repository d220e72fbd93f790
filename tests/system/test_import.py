"""Files on the command line: a stranger's CSV export, NDJSON, the same file twice."""

import json
import os
import unittest

from postrider import ServiceCase, request, wait_until

# The shape of a common sample shop's export: own column names, NULL for missing, numbers as people
# type them, and an address with a comma that nobody quoted.
CUSTOMERS = """customerID,companyName,address,city,country,phone
ALFKI,Alpha Food,Obere Str. 57,Berlin,Germany,0151-10074321
GREAL,Great Lakes,2732 Baker Blvd.,Eugene,USA,(503) 555-7555
BLONP,Blondel,24, place Kleber,Strasbourg,France,06 12 34 56 78
NOPHO,No Phone,Main 1,Paris,France,NULL
WRONG,Wrong Number,Main 2,London,UK,(1) 99
"""
ORDERS = """orderID,customerID,orderDate,shippedDate,shipAddress,shipCountry
10248,ALFKI,1996-07-04 00:00:00.000,1996-07-16 00:00:00.000,59 rue,Germany
10249,GREAL,1996-07-05 00:00:00.000,NULL,Luisenstr. 48,USA
10250,BLONP,1996-07-08 00:00:00.000,1996-07-12 00:00:00.000,Rua do Paco, 67,France
10251,WRONG,1996-07-08 00:00:00.000,1996-07-15 00:00:00.000,Main 2,UK
"""


class Import(ServiceCase):

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", newline="") as f:
            f.write(text)
        return path

    def import_orders(self, service, path, *more, status=0):
        return self.run_command(
            "import",
            path,
            "--server",
            f"http://127.0.0.1:{service.port}",
            "--json",
            "--map",
            "order_id=orderID",
            "--map",
            "customer_id=customerID",
            "--map",
            "occurred_at=orderDate",
            "--null",
            "NULL",
            "--loose-column",
            "shipAddress",
            *more,
            status=status,
        )

    def import_all(self, service):
        customers = self.run_command(
            "customers",
            "import",
            self.file("customers.csv", CUSTOMERS),
            "--server",
            f"http://127.0.0.1:{service.port}",
            "--map",
            "id=customerID",
            "--map",
            "region=country",
            "--map",
            "phone=phone",
            "--null",
            "NULL",
            "--loose-column",
            "address",
            status=None,
        )
        orders = self.file("orders.csv", ORDERS)
        confirmed = self.import_orders(service, orders, "--const", "status=confirmed")
        shipped = self.import_orders(
            service, orders, "--const", "status=shipped", "--skip-if-missing", "shippedDate"
        )
        return (
            customers,
            json.loads(confirmed.stdout.splitlines()[-1]),
            json.loads(shipped.stdout.splitlines()[-1]),
        )

    def counts(self, service):
        listed = request(service.port, "GET", "/v1/notifications?limit=500")[1]["notifications"]
        states = {}
        for n in listed:
            states[n["state"]] = states.get(n["state"], 0) + 1
        return states

    def test_a_strangers_export_ends_with_every_order_accounted_for(self):
        service = self.start()
        customers, confirmed, shipped = self.import_all(service)
        self.assertIn("too_short", customers.stdout + customers.stderr, "the bad number is named")
        self.assertEqual((confirmed["accepted"], confirmed["refused"]), (4, 0))
        self.assertEqual((shipped["accepted"], shipped["skipped"]), (3, 1))
        wait_until(
            lambda: sum(
                n
                for s, n in self.counts(service).items()
                if s in ("delivered", "emailed", "no_contact", "dead")
            )
            == 7,
            what="all seven to end",
        )
        self.assertEqual(
            self.counts(service).get("no_contact"), 2, "the bad number has no e-mail either"
        )

    def test_the_same_file_twice_sends_nothing_the_second_time(self):
        service = self.start()
        self.import_all(service)
        wait_until(
            lambda: "accepted" not in self.counts(service)
            and "sms_sent" not in self.counts(service)
        )
        before = request(service.port, "GET", "/metrics")[1]
        _, confirmed, shipped = self.import_all(service)
        self.assertEqual((confirmed["accepted"], confirmed["duplicates"]), (0, 4))
        self.assertEqual((shipped["accepted"], shipped["duplicates"]), (0, 3))

        def submitted(text):
            return [
                line
                for line in text.splitlines()
                if line.startswith("postrider_sms_submitted_total")
            ]

        self.assertEqual(submitted(request(service.port, "GET", "/metrics")[1]), submitted(before))

    def test_a_row_with_an_unquoted_comma_is_refused_by_number_without_the_option(self):
        service = self.start()
        done = self.run_command(
            "import",
            self.file("orders.csv", ORDERS),
            "--server",
            f"http://127.0.0.1:{service.port}",
            "--map",
            "order_id=orderID",
            "--map",
            "customer_id=customerID",
            "--const",
            "status=confirmed",
            status=1,
        )
        self.assertRegex(done.stdout + done.stderr, r"(row|line) 4\b")
        self.assertNotIn("Rua do Paco", done.stdout + done.stderr)

    def test_without_a_service_the_file_goes_straight_into_the_store(self):
        rows = "\n".join(
            json.dumps(
                {
                    "order_id": f"o{i}",
                    "customer_id": "c",
                    "status": "confirmed",
                    "contact": {"phone": "+4915112345678"},
                }
            )
            for i in range(3)
        )
        self.run_command("import", self.file("orders.ndjson", rows), "--data", self.data)
        service = self.start()
        wait_until(lambda: self.counts(service).get("delivered") == 3)

    def test_no_service_says_what_to_do(self):
        done = self.run_command(
            "import", self.file("o.ndjson", "{}"), "--server", "http://127.0.0.1:9", status=1
        )
        self.assertIn("postrider serve", done.stderr)


if __name__ == "__main__":
    unittest.main()
