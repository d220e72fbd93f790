"""The commands that read and change: through a service, and in the store itself."""

import json
import os
import stat
import subprocess
import unittest

from mail_server import MailServer
from postrider import BINARY, ServiceCase, event

SIMULATED = "+14254147755"  # AWS's public simulator number: always delivered


class Commands(ServiceCase):

    def ask(self, *words, where=None, status=0, stdin=None):
        """The JSON documents that a command answers, one a line."""
        where = where or ("--data", self.data)
        done = self.run_command(*words, *where, "--json", status=status, stdin=stdin)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def import_customers(self, count):
        rows = "".join(
            f'{{"id":"c{i:04}","phone":"{SIMULATED}","email":"c{i}@example.com"}}\n'
            for i in range(count)
        )
        self.run_command(
            "customers", "import", "-", "--format", "ndjson", "--data", self.data, stdin=rows
        )

    def test_customers_of_more_than_a_page_come_out_as_they_went_in(self):
        self.import_customers(1100)
        all_of_them = self.ask("customers", "export")
        self.assertEqual([c["id"] for c in all_of_them], [f"c{i:04}" for i in range(1100)])
        again = os.path.join(self.folder, "again")
        exported = "".join(json.dumps(c) + "\n" for c in all_of_them)
        self.run_command(
            *("customers", "import", "-", "--format", "ndjson", "--data", again), stdin=exported
        )
        self.assertEqual(self.ask("customers", "export", where=("--data", again)), all_of_them)

    def test_receipts_explained(self):
        log = {
            "notification": {"messageId": "m1", "timestamp": "2016-06-28 00:40:34.558"},
            "delivery": {"providerResponse": "No quota left for account", "priceInUSD": 0.00645,
                         "numberOfMessageParts": 2},
            "status": "FAILURE",
        }
        done = self.run_command("explain", "receipt", "--format", "sns",
                                stdin=json.dumps(log) + "\nno JSON\n")
        first, second = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(first, {
            "message_id": "m1", "outcome": "account", "proof": None, "detail": "no_quota",
            "at": "2016-06-28T00:40:34.558Z", "price": 0.00645, "segments": 2, "error": None})
        self.assertTrue(second["error"].startswith("invalid_json"))
        self.assertIsNone(second["outcome"])
        self.run_command("explain", "receipt", "--format", "morse", status=2)

    def test_one_customer_without_a_service(self):
        self.import_customers(2)
        self.assertEqual(self.ask("customers", "show", "c0001")[0]["phone"], SIMULATED)
        self.ask("customers", "erase", "c0001")
        self.ask("customers", "show", "c0001", status=1)
        self.assertEqual(len(self.ask("customers", "export")), 1)

    def test_opt_outs_without_a_service(self):
        self.import_customers(1)
        self.ask("opt-outs", "add", SIMULATED, "+4915112345678")
        self.ask("opt-outs", "remove", "+4915112345678")
        self.assertEqual([o["phone"] for o in self.ask("opt-outs", "list")], [SIMULATED])
        service = self.start()
        sent = self.send(service, event("o1", "shipped", "c0000"))
        record = self.end_state(service, sent["notification_id"], "emailed")
        self.assertEqual(record["reason"], "opted_out")

    def test_reads_beside_a_service_and_changes_nothing_there(self):
        service = self.start()
        self.customer(service, "c1", phone=SIMULATED)
        answer = self.send(service, event("o1"))
        self.end_state(service, answer["notification_id"], "delivered")
        http = ("--server", f"http://127.0.0.1:{service.port}")
        for words in (
            ("notifications", "show", answer["notification_id"]),
            ("notifications", "list", "--order", "o1"),
            ("customers", "export", "c1"),
            ("customers", "export"),
            ("dead-letters", "list"),
            ("opt-outs", "list"),
        ):
            self.assertEqual(self.ask(*words), self.ask(*words, where=http), words)
        refused = self.run_command("opt-outs", "add", SIMULATED, "--data", self.data, status=1)
        self.assertIn(f"another postrider service (pid {service.process.pid})", refused.stderr)
        self.assertEqual(self.ask("opt-outs", "list"), [])

    def test_the_dead_are_replayed_and_discarded_without_a_service(self):
        refusing = MailServer("rcpt-5xx", os.path.join(self.folder, "mails"))
        self.addCleanup(refusing.stop)
        service = self.start(
            *("email.mailer=smtp", "smtp.host=127.0.0.1", "smtp.tls=none"),
            f"smtp.port={refusing.port}",
        )
        dead = []
        for n in range(2):
            contact = {"email": f"x{n}@example.com"}
            sent = self.send(service, event(f"o{n}", contact=contact))
            dead.append(sent["notification_id"])
        for one in dead:
            self.end_state(service, one, "dead")
        self.assertEqual(service.stop(), 0)
        listed = self.ask("dead-letters", "list")[0]["dead_letters"]
        self.assertEqual({n["id"] for n in listed}, set(dead))
        self.assertEqual(self.ask("dead-letters", "replay", dead[0])[0]["status"], 200)
        self.ask("dead-letters", "discard", dead[1])
        self.ask("dead-letters", "discard", dead[1], status=1)
        service = self.start()
        self.end_state(service, dead[0], "emailed")
        self.assertEqual(self.record(service, dead[1])["state"], "discarded")

    def test_a_store_that_is_not_there(self):
        for words in (("opt-outs", "add", SIMULATED), ("customers", "export")):
            done = self.run_command(*words, "--data", self.data, status=1)
            self.assertIn("no database at " + self.data, done.stderr)
            self.assertFalse(os.path.exists(os.path.join(self.data, "postrider.db")))

    def test_nobody_else_on_the_machine_may_read(self):
        old = os.umask(0)
        self.addCleanup(os.umask, old)
        service = self.start()
        self.customer(service, "c1", phone=None)
        self.end_state(service, self.send(service, event("o1"))["notification_id"], "emailed")
        for folder, _, files in os.walk(self.data):
            for path in [folder, *(os.path.join(folder, f) for f in files)]:
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode) & 0o077, 0, path)

    def test_serve_shows_programs_where_it_listens(self):
        arguments = ["serve", "--data", self.data, "--listen", "127.0.0.1:0", "--json"]
        log = open(os.path.join(self.folder, "service.log"), "wb")
        with subprocess.Popen([BINARY, *arguments], stdout=subprocess.PIPE, stderr=log) as process:
            said = json.loads(process.stdout.readline())
            listed = self.ask("notifications", "list", where=("--server", said["url"]))
            process.terminate()
            self.assertEqual(process.wait(20), 0)
        log.close()
        self.assertEqual(listed[0]["notifications"], [])
        self.assertEqual(said["store"], os.path.join(self.data, "postrider.db"))


if __name__ == "__main__":
    unittest.main()
