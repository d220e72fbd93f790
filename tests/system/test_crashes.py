"""kill -9 at random moments under load. Carrier and mail server are processes of their own, and
their records are the oracle: afterwards every acknowledged event is in the store and has ended, no
notification was submitted twice by SMS, and every mail that the store calls sent is with the mail
server."""

import email.parser
import os
import pathlib
import random
import threading
import time
import unittest
from collections import Counter

from mail_server import MailServer
from postrider import Program, ServiceCase, event, free_port, request, wait_until

ROUNDS = int(os.environ.get("POSTRIDER_CRASH_ROUNDS", "20"))
SEED = int(os.environ.get("POSTRIDER_CRASH_SEED", "1"))


class Load(threading.Thread):
    """A load of events, posted one by one, with the acknowledged ones. Each third has no number."""

    def __init__(self, port, name):
        super().__init__(daemon=True)
        self.port, self.name_of = port, name
        self.acknowledged = []
        self.sent = 0
        self.done = False

    def run(self):
        while not self.done:
            self.sent += 1
            order = f"{self.name_of}-{self.sent}"
            contact = {"email": "x@example.com"}
            if self.sent % 3:
                contact["phone"] = f"+49151123{self.sent % 100_000:05d}"
            try:
                status, answer = request(
                    self.port,
                    "POST",
                    "/v1/order-events",
                    event(order, contact=contact),
                    timeout=5,
                )
                if status in (200, 202):
                    self.acknowledged.append(answer["notification_id"])
            except Exception:
                return


class Crashes(ServiceCase):

    def start_carrier(self, service_port):
        self.ledger = os.path.join(self.folder, "ledger.txt")
        carrier = Program(
            [
                "simulator",
                "--listen",
                "127.0.0.1:0",
                "--ledger",
                self.ledger,
                "--receipts-to",
                f"http://127.0.0.1:{service_port}/v1/receipts/http",
                "--latency-ms",
                "3",
                "--loss",
                "0.02",
                "--unknown",
                "0.03",
                "--seed",
                str(SEED),
            ],
            os.path.join(self.folder, "carrier.log"),
        )
        self.programs.append(carrier)
        return carrier.wait_for_port()

    def restart(self, port, carrier):
        return self.start(
            "sms.carrier=http",
            f"http_carrier.url=http://127.0.0.1:{carrier.port}/v1/messages",
            "sms.receipt_wait=3s",
            *("sms.lease=10s", "http_carrier.timeout=4s"),
            *("email.mailer=smtp", "smtp.host=127.0.0.1", "smtp.tls=none"),
            f"smtp.port={self.mail.port}",
            *("smtp.timeout=3s", "email.lease=8s", "email.backoff=200ms"),
            port=port,
        )

    def test_nothing_is_lost_and_nothing_is_sent_twice(self):
        dice = random.Random(SEED)
        port = free_port()
        carrier = self.start_carrier(port)
        self.mail = MailServer("accept", os.path.join(self.folder, "mails"))
        self.addCleanup(self.mail.stop)
        acknowledged = []
        for round_number in range(ROUNDS):
            began = time.monotonic()
            service = self.restart(port, carrier)
            self.assertLess(time.monotonic() - began, 5, "up again within 5 s")
            loads = [Load(port, f"r{round_number}-{i}") for i in range(4)]
            for load in loads:
                load.start()
            time.sleep(dice.uniform(0.05, 0.8))
            service.kill()
            for load in loads:
                load.done = True
                load.join(10)
                acknowledged += load.acknowledged
        self.assertGreater(len(acknowledged), 100)

        service = self.restart(port, carrier)
        self.settle(service)
        mailed = self.mailed()
        by_mail = 0
        for notification in acknowledged:
            status, record = request(service.port, "GET", f"/v1/notifications/{notification}")
            self.assertEqual(status, 200, f"{notification} was acknowledged and is gone")
            self.assertIn(record["state"], ("delivered", "emailed"), record["state"])
            if record["state"] == "emailed":
                by_mail += 1
                self.assertTrue(mailed[notification], f"{notification}: no mail at the server")
        self.assertEqual(service.stop(), 0)
        with open(self.ledger) as ledger:
            lines = [line.split() for line in ledger]
        submissions = Counter(line[1] for line in lines)
        cut = sum("unknown" in line for line in lines)
        twice = {k: n for k, n in submissions.items() if n > 1}
        self.assertEqual(twice, {}, "submitted more than once")
        self.assertGreater(len(submissions), 50)
        self.assertGreater(by_mail, 20)
        self.assertGreater(cut, 5)
        self.run_command("verify", "--data", self.data)
        print(
            f"{ROUNDS} kills (seed {SEED}): {len(acknowledged)} acknowledged, all kept; "
            f"{len(submissions)} submissions, {cut} of them cut off, none twice; {by_mail} by "
            f"e-mail, each with the mail server, {sum(n > 1 for n in mailed.values())} of them "
            "more than once"
        )

    def mailed(self):
        """The number of mails that the server holds for each notification."""
        headers = email.parser.HeaderParser()
        return Counter(
            headers.parsestr(path.read_text())["Message-ID"].strip("<>").split("@")[0]
            for path in pathlib.Path(self.mail.folder).glob("*.eml")
        )

    def settle(self, service):
        moving = (
            "accepted",
            "deferred",
            "sending_sms",
            "unknown",
            "sms_sent",
            "email_due",
            "sending_email",
        )

        def ended():
            return all(
                not request(service.port, "GET", f"/v1/notifications?state={s}&limit=1")[1][
                    "notifications"
                ]
                for s in moving
            )

        wait_until(ended, 120, every=0.5, what="all notifications to end")


if __name__ == "__main__":
    unittest.main()
