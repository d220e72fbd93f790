"""A stranger's export as it is: the Northwind sample shop, with its own column names, commas that
nobody quoted and invented numbers. Every order ends accounted for and every bad number is named."""

import collections
import csv
import json
import os
import re
import unittest

from postrider import ServiceCase, request, wait_until

FOLDER = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "data", "northwind"
)
ENDS = ("delivered", "emailed", "no_contact", "dead", "superseded")


def rows(name):
    """Unquoted commas shift what follows them; ids and dates stand before."""
    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="") as f:
        return list(csv.reader(f))[1:]


@unittest.skipUnless(os.path.isdir(FOLDER), "the Northwind export is not beside this checkout")
class Northwind(ServiceCase):

    def load(self, service, name, options):
        """Imports the file into the service with the words of `options`; returns the output."""
        server = f"http://127.0.0.1:{service.port}"
        where = (os.path.join(FOLDER, name), "--server", server, "--null", "NULL")
        done = self.run_command(*options.split(), *where)
        return done.stdout + done.stderr

    def load_all(self, service):
        """Runs the three imports and returns their outputs: customers, confirmed, shipped."""
        customers = self.load(
            service,
            "customers.csv",
            "customers import --loose-column address"
            " --map id=customerID --map region=country --map phone=phone",
        )
        orders = (
            "import --json --loose-column shipAddress"
            " --map order_id=orderID --map customer_id=customerID"
        )
        said = [
            self.load(service, "orders.csv", f"{orders} {more}")
            for more in (
                "--map occurred_at=orderDate --const status=confirmed",
                "--map occurred_at=shippedDate --const status=shipped"
                " --skip-if-missing shippedDate",
            )
        ]
        return customers, *(json.loads(text.splitlines()[-1]) for text in said)

    def notifications(self, service):
        listed, cursor = [], ""
        while cursor is not None:
            page = request(service.port, "GET", f"/v1/notifications?limit=500&cursor={cursor}")[1]
            listed += page["notifications"]
            cursor = page["next_cursor"]
        return listed

    def all_ended(self, service):
        listed = self.notifications(service)
        return listed if all(n["state"] in ENDS for n in listed) else None

    def test_every_order_is_accounted_for_and_every_bad_number_is_named(self):
        customers = rows("customers.csv")
        orders = rows("orders.csv")
        shipped = {r[0] for r in orders if r[5] != "NULL"}
        self.assertGreater(len(orders), len(shipped), "some were never shipped")

        service = self.start()
        said, confirmed_summary, shipped_summary = self.load_all(service)
        self.assertEqual(confirmed_summary["accepted"], len(orders))
        self.assertEqual(shipped_summary["accepted"], len(shipped))
        self.assertEqual(shipped_summary["skipped"], len(orders) - len(shipped))

        listed = wait_until(lambda: self.all_ended(service), 60, 0.2, what="all to end")
        expected = {(r[0], "confirmed") for r in orders} | {(o, "shipped") for o in shipped}
        self.assertEqual(len(listed), len(expected), "one notification each")
        self.assertEqual({(n["order_id"], n["status"]) for n in listed}, expected)

        # Customers without a usable number and without e-mail get no message: the import named all.
        named = {int(n) for n in re.findall(r"^row (\d+): phone not usable", said, re.MULTILINE)}
        bad = {r[0] for line, r in enumerate(customers, start=2) if line in named}
        self.assertGreater(len(bad), 0)
        for n in listed:
            delivered = n["state"] == "delivered"
            self.assertNotEqual(delivered, n["customer_id"] in bad, n)
            if not delivered:
                self.assertEqual(n["state"], "no_contact")
                self.assertRegex(n["reason"], r"^phone_")

    def test_the_same_export_again_sends_nothing(self):
        service = self.start()
        _, confirmed, shipped = self.load_all(service)
        before = wait_until(lambda: self.all_ended(service), 60, 0.2, what="all to end")
        _, again, shipped_again = self.load_all(service)
        self.assertEqual((again["accepted"], again["duplicates"]), (0, confirmed["accepted"]))
        self.assertEqual(
            (shipped_again["accepted"], shipped_again["duplicates"]), (0, shipped["accepted"])
        )
        sent = request(service.port, "GET", "/metrics")[1]
        delivered = collections.Counter(n["state"] for n in before)["delivered"]
        self.assertIn(f"postrider_sms_submitted_total {delivered}\n", sent)
        self.assertEqual(len(self.notifications(service)), len(before))
        self.assertEqual(service.stop(), 0)
        self.run_command("verify", "--data", self.data)


if __name__ == "__main__":
    unittest.main()
