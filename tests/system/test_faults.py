"""Faults around the service: disk full, carrier down, a mail server that refuses."""

import http.client
import json
import os
import subprocess
import time
import unittest

from mail_server import MailServer
from postrider import Program, ServiceCase, event, free_port, request, wait_until
from stubborn_carrier import StubbornCarrier

NONE = {"notifications": [], "next_cursor": None}


class CarrierDown(ServiceCase):

    def test_down_for_longer_than_the_deadline_brings_an_email_and_uses_no_try(self):
        service = self.start(
            "sms.carrier=http",
            f"http_carrier.url=http://127.0.0.1:{free_port()}/v1/messages",
            "sms.not_after=2s",
        )
        self.customer(service)
        answer = self.send(service, event("o1"))
        record = self.end_state(service, answer["notification_id"], "emailed")
        self.assertEqual(record["reason"], "too_late")
        self.assertEqual([a["channel"] for a in record["attempts"]], ["email"])

    def test_back_in_time_means_sms(self):
        port = free_port()
        service = self.start(
            "sms.carrier=http", f"http_carrier.url=http://127.0.0.1:{port}/v1/messages"
        )
        self.customer(service)
        answer = self.send(service, event("o1"))
        wait_until(lambda: len(self.record(service, answer["notification_id"])["history"]) >= 3)
        carrier = Program(
            [
                "simulator",
                "--listen",
                f"127.0.0.1:{port}",
                "--ledger",
                os.path.join(self.folder, "ledger.txt"),
                "--receipts-to",
                f"http://127.0.0.1:{service.port}/v1/receipts/http",
            ],
            os.path.join(self.folder, "carrier.log"),
        )
        self.programs.append(carrier)
        carrier.wait_for_port()
        self.end_state(service, answer["notification_id"], "delivered", 40)


@unittest.skipUnless(os.geteuid() == 0, "mounting a small file system needs root")
class DiskFull(ServiceCase):

    def setUp(self):
        super().setUp()
        self.small = os.path.join(self.folder, "small")
        os.makedirs(self.small)
        if (
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", self.small]
            ).returncode
            != 0
        ):
            self.skipTest("mount is not permitted here")
        # After the programs have ended (clean-ups run last in, first out).
        self._cleanups.insert(1, (subprocess.run, (["umount", "-l", self.small],), {}))

    def test_full_answers_503_loses_nothing_and_recovers(self):
        service = self.start(data=self.small)
        contact = {"phone": "+4915112345678", "email": "x@example.com"}
        acknowledged, status, n = [], 202, 0
        ballast = os.path.join(self.small, "ballast")
        with open(ballast, "wb") as f:
            f.write(b"x" * (3 << 20))
        while n < 30_000:
            n += 1
            status, answer = request(
                service.port,
                "POST",
                "/v1/order-events",
                event(f"o{n}", contact=contact, data={"note": "x" * 400}),
            )
            if status != 202:
                break
            acknowledged.append(answer["notification_id"])
        self.assertEqual((status, answer["code"]), (503, "storage_full"))
        self.assertGreater(len(acknowledged), 100)
        self.assertGreater(self.asked_to_wait(service, event("o-wait", contact=contact)), 0)
        # Whole again and still full: nothing that was refused slips in.
        self.assertEqual(request(service.port, "GET", f"/v1/notifications?order_id=o{n}")[1], NONE)
        os.remove(ballast)
        self.assertEqual(
            wait_until(
                lambda: request(
                    service.port, "POST", "/v1/order-events", event("after", contact=contact)
                )[0]
                in (200, 202)
                and 202
            ),
            202,
        )
        self.assertIsNone(service.process.poll(), "it recovers without a restart")
        for notification in acknowledged:
            self.end_state(service, notification, "delivered")
        self.assertEqual(service.stop(30), 0)
        self.run_command("verify", "--data", self.small)

    def asked_to_wait(self, service, document):
        """The Retry-After of a refused event, in seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
        self.addCleanup(connection.close)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/v1/order-events", json.dumps(document), headers)
        answer = connection.getresponse()
        answer.read()
        self.assertEqual(answer.status, 503)
        return int(answer.getheader("Retry-After"))


class Smtp(ServiceCase):

    def run_mode(self, mode, *settings):
        server = MailServer(mode, os.path.join(self.folder, "mails"))
        self.addCleanup(server.stop)
        service = self.start(
            "email.mailer=smtp",
            "smtp.host=127.0.0.1",
            f"smtp.port={server.port}",
            "smtp.tls=none",
            "email.backoff=100ms",
            *settings,
        )
        self.customer(service, phone=None)
        answer = self.send(service, event("o1"))
        return server, service, answer["notification_id"]

    def test_a_real_server_gets_a_whole_mail(self):
        server, service, notification = self.run_mode("accept")
        self.end_state(service, notification, "emailed")
        self.assertEqual(len(server.received()), 1)
        self.assertIn("multipart/alternative", server.received()[0])

    def test_a_temporary_no_is_tried_again_and_then_a_dead_letter(self):
        _, service, notification = self.run_mode("rcpt-4xx", "email.give_up=1s")
        record = self.end_state(service, notification, "dead")
        self.assertGreater(len(record["attempts"]), 3)
        self.assertEqual({a["outcome"] for a in record["attempts"]}, {"refused"})
        self.assertEqual(record["reason"], "mail:smtp_450")

    def test_a_final_no_is_a_dead_letter_at_once(self):
        _, service, notification = self.run_mode("rcpt-5xx")
        record = self.end_state(service, notification, "dead")
        self.assertEqual(len(record["attempts"]), 1)

    def test_an_address_that_is_not_there_is_not_tried_again(self):
        _, service, first = self.run_mode("rcpt-5xx")
        self.end_state(service, first, "dead")
        second = self.send(service, event("o2"))["notification_id"]
        record = self.end_state(service, second, "dead")
        self.assertEqual((record["reason"], record["attempts"]), ("address_blocked", []))

    def test_a_drop_after_data_is_tried_again_for_ever(self):
        server, service, notification = self.run_mode("drop-after-data", "email.give_up=1s")
        wait_until(lambda: len(server.received()) >= 4, 30)
        record = request(service.port, "GET", f"/v1/notifications/{notification}")[1]
        self.assertIn(record["state"], ("email_due", "sending_email"), "never a dead letter")
        outcomes = {a["outcome"] for a in record["attempts"]}
        self.assertIn("unknown", outcomes, "no answer after DATA may mean accepted")
        copies = {line for mail in server.received() for line in mail.splitlines()
                  if line.startswith("Message-ID")}
        self.assertEqual(len(copies), 1, "one mail, however often it came")

    def no_dead_letter(self, mode):
        _, service, notification = self.run_mode(mode, "email.give_up=1s")
        time.sleep(4)
        record = request(service.port, "GET", f"/v1/notifications/{notification}")[1]
        self.assertIn(record["state"], ("email_due", "sending_email"))
        self.assertEqual(record["attempts"], [], "nor is it a try")

    def test_a_server_without_room_makes_no_dead_letter(self):
        self.no_dead_letter("data-4xx")

    def test_a_server_that_refuses_all_makes_no_dead_letter(self):
        self.no_dead_letter("greeting-5xx")

    def test_a_server_that_wants_a_login_makes_no_dead_letter(self):
        self.no_dead_letter("mail-530")

    def test_a_server_that_hangs_up_makes_no_dead_letter(self):
        self.no_dead_letter("drop-at-rcpt")

    def test_a_stop_does_not_wait_for_an_answer_that_does_not_come(self):
        _, service, notification = self.run_mode("hang-after-data")
        wait_until(lambda: request(service.port, "GET", f"/v1/notifications/{notification}")[1]
                   ["state"] == "sending_email", 10)
        time.sleep(1)
        began = time.monotonic()
        self.assertEqual(service.stop(30), 0)
        self.assertLess(time.monotonic() - began, 20)
        self.run_command("verify", "--data", self.data)

    def test_a_setting_of_before_stops_no_start(self):
        _, service, notification = self.run_mode("accept", "email.tries=3")
        self.end_state(service, notification, "emailed")


class Carrier5xx(ServiceCase):
    """A carrier that answers 500 after reading: the SMS may have gone out, so never again."""

    def test_five_hundred_is_unknown_and_falls_back(self):
        carrier = StubbornCarrier(500)
        self.addCleanup(carrier.stop)
        service = self.start(
            "sms.carrier=http",
            f"http_carrier.url={carrier.url}",
            "sms.receipt_wait=2s",
        )
        self.customer(service)
        answer = self.send(service, event("o1"))
        record = self.end_state(service, answer["notification_id"], "emailed")
        self.assertIn("unknown", [h["to"] for h in record["history"]])
        self.assertEqual(len(carrier.seen), 1, "one submission, ever")


if __name__ == "__main__":
    unittest.main()
