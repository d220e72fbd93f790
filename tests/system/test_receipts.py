"""Receipts of an HTTP carrier: unknown words, facts that can't be read, repetitions. The real
binary."""

import json
import unittest

from postrider import ServiceCase, event, request
from stubborn_carrier import StubbornCarrier

PHONE = "+4915112345678"


class Receipts(ServiceCase):

    def setUp(self):
        super().setUp()
        # The id is a whole number: it counts as its digits.
        self.carrier = StubbornCarrier(200, body=b'{"message_id": 70000000000000001}')
        self.addCleanup(self.carrier.stop)
        self.service = self.start("sms.carrier=http", f"http_carrier.url={self.carrier.url}")
        self.customer(self.service, phone=PHONE)

    def sent(self, order="o1"):
        notification = self.send(self.service, event(order))["notification_id"]
        self.end_state(self.service, notification, "sms_sent")
        return notification

    def tell(self, *receipts):
        receipts = [{"message_id": 70000000000000001} | receipt for receipt in receipts]
        status, answer = request(self.service.port, "POST", "/v1/receipts/http", receipts)
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["refused"], [])

    def state(self, notification):
        return self.record(self.service, notification)["state"]

    def metric(self, name):
        _, text = request(self.service.port, "GET", "/metrics")
        line, = [l for l in text.splitlines() if l.startswith(f"postrider_{name} ")]
        return float(line.split()[1])

    def test_an_unknown_word_waits_for_the_next(self):
        notification = self.sent()
        self.tell({"status": "Teleported"})
        self.assertEqual(self.state(notification), "sms_sent")
        self.assertEqual(self.metric("receipts_unknown_total"), 1)
        self.tell({"status": "delivered"})
        self.assertEqual(self.state(notification), "delivered")
        self.assertEqual(self.mails(), [])

    def test_only_the_id_and_the_status_void_a_receipt(self):
        notification = self.sent()
        self.tell({"status": "DELIVRD", "segments": "2", "price": "", "at": "soon",
                   "proof": "maybe", "detail": {"a": 1}})
        record = self.record(self.service, notification)
        self.assertEqual(record["state"], "delivered")
        self.assertEqual(record["attempts"][0]["receipt"]["outcome"], "delivered")

    def test_of_one_request_a_delivery_wins(self):
        notification = self.sent()
        self.tell({"status": "failed"}, {"status": "delivered"}, {"status": "rejected"})
        record = self.record(self.service, notification)
        self.assertEqual(record["state"], "delivered")
        self.assertNotIn("email_due", [h["to"] for h in record["history"]])

    def test_an_opt_out_that_is_repeated_after_the_opt_in_does_not_count(self):
        self.sent()
        self.tell({"status": "opted_out"})
        self.assertEqual(self.opt_outs(), [PHONE])
        status, _ = request(self.service.port, "DELETE", "/v1/opt-outs", {"phone": PHONE})
        self.assertEqual(status, 204)
        self.tell({"status": "accepted"}, {"status": "failed"}, {"status": "opted_out"})
        self.assertEqual(self.opt_outs(), [])

    def opt_outs(self):
        _, page = request(self.service.port, "GET", "/v1/opt-outs")
        return [entry["phone"] for entry in page["opt_outs"]]

    def test_a_price_moves_the_limit_only_as_far_as_it_is_plausible(self):
        self.sent()
        for price in (0, 1000, 0.000001):
            self.tell({"status": "delivered", "price": price})
            self.assertEqual(self.metric("spent_micros"), 50_000, price)
        self.assertEqual(self.metric("sms_price_implausible_total"), 2)
        self.tell({"status": "delivered", "price": "0.0743"})
        self.assertEqual(self.metric("spent_micros"), 74_300)


class ReceiptsOfLostAnswers(ServiceCase):

    def test_find_their_message_by_its_reference(self):
        carrier = StubbornCarrier(200, body=b"proxy error")  # it may have the SMS
        self.addCleanup(carrier.stop)
        service = self.start("sms.carrier=http", f"http_carrier.url={carrier.url}")
        self.customer(service, phone=PHONE)
        ids = [self.send(service, event(f"o{i}"))["notification_id"] for i in range(3)]
        for notification in ids:
            self.end_state(service, notification, "unknown")
        sent = {body["reference"]: body["attempt"] for body in map(json.loads, carrier.seen)}
        self.assertEqual(sent, {notification: 1 for notification in ids})
        receipts = [{"message_id": "a", "status": "delivered", "reference": ids[0], "attempt": 1},
                    {"message_id": "b", "status": "delivered", "reference": ids[1], "attempt": "2"},
                    {"message_id": "c", "status": "delivered", "reference": "o3", "attempt": 1}]
        status, answer = request(service.port, "POST", "/v1/receipts/http", receipts)
        self.assertEqual((status, answer["applied"], answer["kept"]), (200, 1, 2), answer)
        states = [self.record(service, notification)["state"] for notification in ids]
        self.assertEqual(states, ["delivered", "unknown", "unknown"])
        status, answer = request(service.port, "POST", "/v1/receipts/http", receipts[:1])
        self.assertEqual((status, answer["noted"]), (200, 1), answer)


if __name__ == "__main__":
    unittest.main()
