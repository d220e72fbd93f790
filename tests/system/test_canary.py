"""Personal data in logs, metrics and errors: there are none. Marked numbers, addresses, names and
texts go through the whole program, then all its output is read."""

import json
import os
import unittest

from mail_server import MailServer
from postrider import Program, ServiceCase, event, free_port, request
from stubborn_carrier import StubbornCarrier

PHONE = "+14254147167"  # fails, so that both channels speak
EMAIL = "canary.person@canary-mail.example"
NAME = "Kanarienvogel"
MARKS = ["4254147167", "canary.person", "canary-mail", NAME, "canary-secret"]


class Canary(ServiceCase):

    def test_no_personal_value_is_in_any_output(self):
        service = self.start("log.level=debug")
        said = []

        def call(method, path, body=None, headers=None):
            said.append(str(request(service.port, method, path, body, headers)))

        self.customer(service, phone=PHONE, email=EMAIL)
        answer = self.send(service, event("o1", data={"name": NAME}))
        self.end_state(service, answer["notification_id"], "emailed")
        broken = event(
            "o2", data={"name": NAME}, contact={"phone": PHONE, "email": EMAIL + " " + NAME}
        )
        call("POST", "/v1/order-events", broken)
        call("POST", "/v1/order-events", '{"order_id": "' + NAME + '", "x')
        call("POST", "/v1/order-events", {**event("o3"), EMAIL: NAME})
        call("POST", "/v1/order-events", {**event("o3"), NAME: EMAIL})
        call("POST", "/v1/order-events", event("o4", NAME))
        call("PUT", "/v1/customers/c9", {"phone": PHONE, "email": NAME})
        call("POST", "/v1/opt-outs", {"phone": EMAIL})
        call(
            "POST",
            "/v1/receipts/http",
            '{"message_id": "x", "status": "' + NAME + '", "detail": "' + EMAIL + '"}',
        )
        call("GET", f"/v1/customers/{NAME}")
        call("GET", f"/v1/notifications?order_id={NAME}&cursor={EMAIL}")
        call("GET", "/metrics")
        call("GET", f"/v1/{NAME}?to={EMAIL}")
        call("GET", f"/v1/{NAME}?to={EMAIL}", headers={"Authorization": "Bearer canary-secret"})
        self.assertEqual(service.stop(), 0)
        self.assert_clean({f"answer {i}": text for i, text in enumerate(said)})

    def assert_clean(self, outputs, logs=("service-0.log",)):
        """None of the marks is in `outputs` (by name) or in a log or ledger of the test."""
        outputs = dict(outputs)
        for folder, _, files in os.walk(self.folder):
            for name in files:
                if name.endswith((".log", "ledger.txt")):
                    with open(os.path.join(folder, name), errors="replace") as file:
                        outputs[name] = file.read()
        for log in logs:
            self.assertIn('"event"', outputs[log], "the log was written")
        for where, text in outputs.items():
            for mark in MARKS:
                self.assertNotIn(mark, text, f"{mark} leaked in {where}")

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def said_by(self, *words, status=None, stdin=None):
        done = self.run_command(*words, status=status, stdin=stdin)
        return done.stdout + done.stderr

    def test_bad_rows_are_reported_by_place_and_reason_only(self):
        service = self.start("log.level=debug")
        people = self.file(
            "people.csv",
            "id,phone,email,locale\n"
            f"c1,{PHONE},{EMAIL},en\n"
            f"c2,{PHONE}12345,{EMAIL},en\n"
            f"c3,{PHONE},{NAME},en\n"
            f"c4,{PHONE},{EMAIL},{NAME}\n"
            f"c5,{PHONE},{EMAIL},en,{NAME}\n",
        )
        orders = self.file(
            "orders.csv",
            "order_id,customer_id,status,contact.phone,contact.email,data.name\n"
            f"o1,c1,confirmed,{PHONE},{EMAIL},{NAME}\n"
            f"o2,c1,{NAME} {NAME},{PHONE},{EMAIL},{NAME}\n"
            f"o3,c1,confirmed,{PHONE},{NAME},{NAME}\n"
            f'o4,c1,confirmed,{PHONE},{EMAIL},"{NAME}\n',
        )
        lines = "".join(
            json.dumps(e) + "\n"
            for e in (
                event("o5", contact={"phone": PHONE, "email": NAME}),
                event("o6", contact={"phone": NAME}),
                {"order_id": "o7", NAME: EMAIL},
            )
        ) + '{"order_id": "' + NAME + '", "customer_id": "' + PHONE + "\n"
        server = ("--server", f"http://127.0.0.1:{service.port}")
        outputs = {}
        for how in ((), ("--json",)):
            for where in (server, ("--data", os.path.join(self.folder, "other"))):
                tag = f"{how} {where[0]}"
                outputs["people" + tag] = self.said_by("customers", "import", people, *where, *how)
                outputs["orders" + tag] = self.said_by("import", orders, *where, *how)
                outputs["lines" + tag] = self.said_by(
                    *("import", "-", "--format", "ndjson", *where, *how), stdin=lines
                )
        for tag, text in outputs.items():
            self.assertIn("refused", text, tag)
        outputs["opt-out"] = self.said_by("opt-outs", "add", f"{PHONE}12345", NAME, *server)
        outputs["unknown"] = self.said_by("customers", "show", NAME, *server)
        outputs["doctor"] = self.said_by("doctor", "--data", self.data)
        outputs["verify"] = self.said_by("verify", "--data", self.data)
        self.assertEqual(service.stop(), 0)
        self.assert_clean(outputs)

    def test_a_carrier_process_and_a_refusing_mail_server(self):
        port = free_port()
        ledger = os.path.join(self.folder, "ledger.txt")
        carrier = Program(
            ["simulator", "--listen", "127.0.0.1:0", "--ledger", ledger]
            + ["--receipts-to", f"http://127.0.0.1:{port}/v1/receipts/http"],
            os.path.join(self.folder, "carrier.log"),
        )
        self.programs.append(carrier)
        carrier.wait_for_port()
        mail = MailServer("rcpt-5xx-telling", os.path.join(self.folder, "mails"))
        self.addCleanup(mail.stop)
        service = self.start(
            "log.level=debug",
            "sms.carrier=http",
            f"http_carrier.url=http://127.0.0.1:{carrier.port}/v1/messages",
            *("email.mailer=smtp", "smtp.host=127.0.0.1", "smtp.tls=none"),
            f"smtp.port={mail.port}",
            port=port,
        )
        self.customer(service, phone=PHONE, email=EMAIL)
        answer = self.send(service, event("o1", data={"name": NAME}))
        record = self.end_state(service, answer["notification_id"], "dead")
        self.assertEqual([a["channel"] for a in record["attempts"]], ["sms", "email"])
        outputs = {
            "record": json.dumps(record),
            "dead letters": str(request(service.port, "GET", "/v1/dead-letters")),
            "metrics": str(request(service.port, "GET", "/metrics")),
            "summary": str(request(carrier.port, "GET", "/ledger/summary")),
        }
        self.assertEqual(service.stop(), 0)
        self.assertEqual(carrier.stop(), 0)
        with open(ledger) as file:
            self.assertEqual(len(file.readlines()), 1)
        self.assert_clean(outputs, ("service-1.log",))

    def test_a_carrier_that_repeats_what_it_was_sent(self):
        said = {"code": f"{NAME} {PHONE}", "permanent": True, "message": f"{PHONE} {EMAIL}"}
        carrier = StubbornCarrier(422, f"No {NAME}", json.dumps(said).encode())
        self.addCleanup(carrier.stop)
        service = self.start(
            "log.level=debug", "sms.carrier=http", f"http_carrier.url={carrier.url}"
        )
        self.customer(service, phone="+4915112345678", email="x@example.com")
        answer = self.send(service, event("o1"))
        record = self.end_state(service, answer["notification_id"], "emailed")
        self.assertEqual(service.stop(), 0)
        self.assert_clean({"record": json.dumps(record)})


if __name__ == "__main__":
    unittest.main()
