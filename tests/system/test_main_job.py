"""Order event in, SMS out, receipt tracked, e-mail when the SMS fails: the real binary."""

import base64
import json
import os
import signal
import time
import unittest

from postrider import ServiceCase, event, ndjson, request, wait_until

ALWAYS_FAILS = "+14254147167"  # AWS's public simulator number: refused by the phone carrier


class MainJob(ServiceCase):

    def test_an_order_becomes_one_delivered_sms(self):
        service = self.start()
        self.customer(service)
        answer = self.send(service, event("o1"))
        self.assertFalse(answer["duplicate"])
        record = self.end_state(service, answer["notification_id"], "delivered")
        self.assertEqual([a["channel"] for a in record["attempts"]], ["sms"])
        self.assertEqual(
            [h["to"] for h in record["history"]],
            ["accepted", "sending_sms", "sms_sent", "delivered"],
        )
        self.assertEqual(self.mails(), [])
        self.assertNotIn("+4915112345678", json.dumps(record))

    def test_a_repeat_sends_nothing(self):
        service = self.start()
        self.customer(service)
        first = self.send(service, event("o1"))
        self.end_state(service, first["notification_id"], "delivered")
        again = self.send(service, event("o1"), expect=200)
        self.assertEqual(again["notification_id"], first["notification_id"])
        self.assertTrue(again["duplicate"])
        self.assertEqual(len(self.record(service, first["notification_id"])["attempts"]), 1)

    def test_the_same_key_with_other_content_is_a_conflict(self):
        service = self.start()
        self.customer(service)
        self.send(service, event("o1", dedupe_key="parcel-1"))
        status, problem = request(
            service.port, "POST", "/v1/order-events", event("o1", "shipped", dedupe_key="parcel-1")
        )
        self.assertEqual((status, problem["code"]), (409, "conflict"))

    def test_a_failure_receipt_brings_an_email_with_the_reason(self):
        service = self.start()
        self.customer(service, phone=ALWAYS_FAILS)
        answer = self.send(service, event("o1"))
        record = self.end_state(service, answer["notification_id"], "emailed")
        self.assertEqual([a["channel"] for a in record["attempts"]], ["sms", "email"])
        mail = self.mails()[0]
        self.assertIn("Subject: Order Update - ", mail)
        self.assertIn("To: c1@example.com", mail)

    def test_no_phone_goes_straight_to_email_and_no_contact_is_visible(self):
        service = self.start()
        self.customer(service, "mail-only", phone=None)
        self.customer(service, "bad-phone", phone="12")
        by_mail = self.send(service, event("o1", customer="mail-only"))
        bad = self.send(service, event("o2", customer="bad-phone"))
        none = self.send(service, event("o3", customer="stranger"))
        self.assertEqual(none["state"], "no_contact")
        for answer in (by_mail, bad):
            record = self.end_state(service, answer["notification_id"], "emailed")
            self.assertEqual([a["channel"] for a in record["attempts"]], ["email"])
        self.assertEqual(self.record(service, bad["notification_id"])["reason"], "phone_too_short")
        listed = request(service.port, "GET", "/v1/notifications?state=no_contact")[1][
            "notifications"
        ]
        self.assertEqual([n["id"] for n in listed], [none["notification_id"]])

    def test_an_opted_out_number_gets_no_sms(self):
        service = self.start()
        self.customer(service)
        status, answer = request(service.port, "POST", "/v1/opt-outs", {"phone": "+4915112345678"})
        self.assertIn(status, (200, 201, 204), answer)
        sent = self.send(service, event("o1"))
        record = self.end_state(service, sent["notification_id"], "emailed")
        self.assertEqual([a["channel"] for a in record["attempts"]], ["email"])
        self.assertEqual(record["reason"], "opted_out")

    def test_over_the_limit_is_deferred_and_superseded_by_the_newer_status(self):
        service = self.start("customer.per_hour=2", "customer.window=3s")
        self.customer(service)
        ids = [self.send(service, event("o1", f"step_{i}"))["notification_id"] for i in range(5)]
        states = [self.record(service, i)["state"] for i in ids]
        self.assertEqual(states[2:], ["deferred"] * 3)
        urgent = self.send(service, event("o1", "cancelled"))["notification_id"]
        self.end_state(service, urgent, "delivered")
        for i in ids[2:]:
            self.end_state(service, i, "superseded", 30)

    def test_an_unknown_status_uses_the_general_text(self):
        service = self.start()
        self.customer(service)
        answer = self.send(service, event("o1", "ready_for_pickup"))
        self.end_state(service, answer["notification_id"], "delivered")

    def test_bulk_answers_line_by_line(self):
        service = self.start()
        self.customer(service)
        lines = ndjson(
            service.port,
            "/v1/order-events",
            [event("o1"), '{"order_id": "x"', event("o1"), {"order_id": "o2", "status": "shipped"}],
        )
        self.assertEqual([line["line"] for line in lines], [1, 2, 3, 4])
        self.assertEqual([line.get("duplicate") for line in lines], [False, None, True, None])
        self.assertEqual(lines[1]["error"]["code"], "invalid_json")
        self.assertEqual(lines[3]["error"]["pointer"], "/customer_id")

    def test_terminate_finishes_what_was_claimed(self):
        service = self.start("simulator.latency=200ms")
        self.customer(service)
        ids = [
            r["notification_id"]
            for r in ndjson(service.port, "/v1/order-events", [event(f"o{i}") for i in range(300)])
        ]
        self.assertEqual(service.stop(), 0)
        again = self.start()
        for i in ids:
            record = self.end_state(again, i, "delivered")
            self.assertNotIn("unknown", [h["to"] for h in record["history"]])

    def test_hangup_reloads_and_a_second_service_is_refused(self):
        service = self.start()
        service.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertEqual(request(service.port, "GET", "/healthz")[0], 200)
        second = self.run_command(
            "serve", "--data", self.data, "--listen", "127.0.0.1:0", status=None
        )
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another", second.stderr)

    def test_an_unknown_key_names_its_line_and_the_nearest_name(self):
        path = os.path.join(self.folder, "postrider.toml")
        with open(path, "w") as f:
            f.write("[sms]\nparts_per_secnd = 5\n")
        refused = self.run_command("serve", "--config", path, "--data", self.data, status=2)
        self.assertIn("2", refused.stderr)
        self.assertIn("parts_per_second", refused.stderr)

    def test_metrics_and_verify(self):
        service = self.start()
        self.customer(service)
        answer = self.send(service, event("o1"))
        self.end_state(service, answer["notification_id"], "delivered")
        text = request(service.port, "GET", "/metrics")[1]
        self.assertIn("postrider_events_accepted_total 1", text)
        self.assertEqual(service.stop(), 0)
        self.run_command("verify", "--data", self.data)


class DeadLetters(ServiceCase):

    def test_a_dead_letter_waits_for_an_operator(self):
        service = self.start()
        self.customer(service, phone=ALWAYS_FAILS, email=None)
        answer = self.send(service, event("o1"))
        record = self.end_state(service, answer["notification_id"], "dead")
        self.assertEqual(record["reason"], "no_email")
        listed = request(service.port, "GET", "/v1/dead-letters")[1]
        self.assertIn(answer["notification_id"], json.dumps(listed))
        server = f"http://127.0.0.1:{service.port}"
        self.run_command("dead-letters", "replay", answer["notification_id"], "--server", server)
        wait_until(
            lambda: len(self.record(service, answer["notification_id"])["history"])
            > len(record["history"]) + 1
        )
        again = self.end_state(service, answer["notification_id"], "dead")
        self.assertEqual(
            [a["channel"] for a in again["attempts"]], ["sms"], "a replay never sends a second SMS"
        )
        self.run_command("dead-letters", "discard", answer["notification_id"], "--server", server)
        self.end_state(service, answer["notification_id"], "discarded")


class TestMode(ServiceCase):

    def test_a_test_key_never_reaches_the_real_carrier(self):
        os.makedirs(self.data)
        key = self.run_command(
            "keys", "add", "--name", "ci", "--kind", "test", "--data", self.data
        ).stdout
        key = next(word for word in key.split() if word.startswith("pr_test_"))
        secret = os.path.join(self.data, "carrier-secret")
        with open(secret, "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
            f.write("whsec_" + base64.b64encode(os.urandom(32)).decode() + "\n")
        service = self.start(
            "sms.carrier=http",
            "http_carrier.url=http://127.0.0.1:9/v1/messages",
            f"http_carrier.secret_file={secret}",
        )
        self.assertEqual(request(service.port, "POST", "/v1/order-events", event("o1"))[0], 401)
        headers = {"Authorization": f"Bearer {key}"}
        status, answer = request(
            service.port,
            "POST",
            "/v1/order-events",
            event("o1", contact={"phone": "+14254147755", "email": "a@example.com"}),
            headers,
        )
        self.assertEqual(status, 202, answer)
        record = wait_until(
            lambda: (
                r := request(
                    service.port,
                    "GET",
                    f"/v1/notifications/{answer['notification_id']}",
                    headers=headers,
                )[1]
            )["state"]
            == "delivered"
            and r
        )
        self.assertEqual(record["mode"], "test")
        self.assertEqual(record["attempts"][0]["carrier"], "simulator")


if __name__ == "__main__":
    unittest.main()
