"""The functions with End User Messaging in place of SNS, end to end: the requests are those that
botocore's model and signer expect, and its refusals and events have their documented effects."""

import unittest

from end_user_messaging import EndUserMessaging, sns_event, text_event
from stack import Stack, order, phone


class EndUserMessagingTest(unittest.TestCase):
    def stack(self, refusals=None, kind=EndUserMessaging):
        stack = Stack(SMS_CARRIER="end_user_messaging", SMS_CONFIGURATION_SET="postrider",
                      ORIGINATION_IDENTITY="pool-0123456789abcdef0")
        self.addCleanup(stack.__exit__)
        stack.__enter__()
        service = kind(stack.aws.environment, refusals)
        self.addCleanup(service.__exit__)
        service.__enter__()
        stack.environment["AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"] = service.url
        return stack, service

    def send(self, stack, count):
        stack.put_orders([order(i) for i in range(count)])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender", twice=True)

    def states_by_phone(self, stack):
        return {n["phone"]["S"]: n["state"]["S"] for n in stack.notifications() if "phone" in n}

    def test_from_order_to_event(self):
        stack, service = self.stack()
        self.send(stack, 6)
        self.assertEqual(service.problems, [])
        sent = {s["DestinationPhoneNumber"]: s for s in service.sent}
        self.assertEqual((len(service.sent), len(sent)), (6, 6), "each once")
        first = sent[phone(0)]
        self.assertEqual(first["OriginationIdentity"], "pool-0123456789abcdef0")
        self.assertEqual(first["ConfigurationSetName"], "postrider")
        self.assertEqual(first["MessageType"], "TRANSACTIONAL")
        self.assertNotIn("MaxPrice", first)  # without a list the price is a guess
        self.assertLess(first["TimeToLive"], 15 * 60, "gone before the e-mail goes out")
        self.assertEqual(first["Context"]["attempt"], "1")

        statuses = ["DELIVERED", "SUCCESSFUL", "BLOCKED", "TTL_EXPIRED", "PENDING", "QUEUED"]
        events = [text_event(sent[phone(i)], status, final=i < 4)
                  for i, status in enumerate(statuses)]
        for batch in (events, events[::-1]):
            stack.function("delivery-tracker").invoke(sns_event(batch))
        stack.drain(stack.email, "email-fallback", twice=True)
        self.assertEqual(self.states_by_phone(stack), {
            phone(0): "delivered", phone(1): "delivered", phone(2): "emailed",
            phone(3): "emailed", phone(4): "sms_sent", phone(5): "sms_sent"})
        self.assertEqual(sorted(stack.sent_mail()), ["c2@example.com", "c3@example.com"])
        spent = {n["phone"]["S"]: n["spent"]["N"] for n in stack.notifications()}
        self.assertEqual(spent[phone(0)], "9450", "price and carrier fee")

    def test_an_event_before_the_answer_ends_it(self):
        for status, state in (("DELIVERED", "delivered"), ("BLOCKED", "emailed"),
                              ("QUEUED", "sms_sent")):
            with self.subTest(status):
                self.send_with_early_event(status, state)

    def send_with_early_event(self, status, state):
        answers = []

        class Early(EndUserMessaging):
            def answer(self, handler, code, content, kind="application/x-amz-json-1.0"):
                event = text_event(self.sent[-1], status, final=status != "QUEUED")
                answers.append(tracker.invoke(sns_event([event])))
                super().answer(handler, code, content, kind)

        stack, service = self.stack(kind=Early)
        tracker = stack.function("delivery-tracker")
        self.send(stack, 1)
        self.assertEqual([a["applied"] for a in answers], [1])
        stack.drain(stack.email, "email-fallback")
        stack.function("sweeper").invoke({})
        self.assertEqual(stack.states(), {state: 1})
        self.assertEqual(len(stack.sent_mail()), state == "emailed")
        item, = stack.notifications()
        self.assertEqual(item["attempt_1"]["M"]["message_id"]["S"], service.sent[0]["MessageId"],
                         "the sender completed its attempt")
        if state != "sms_sent":
            return
        tracker.invoke(sns_event([text_event(service.sent[0], "DELIVERED")]))
        self.assertEqual(stack.states(), {"delivered": 1})

    def test_refusals_about_the_message_go_by_email_and_of_a_country_wait(self):
        reasons = {0: ("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
                   1: ("ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"),
                   2: ("ValidationException", "PRICE_OVER_THRESHOLD")}
        stack, service = self.stack({phone(i): (code, {"Reason": reason})
                                     for i, (code, reason) in reasons.items()})
        self.send(stack, 4)
        stack.drain(stack.email, "email-fallback")
        self.assertEqual(service.problems, [])
        self.assertEqual(self.states_by_phone(stack), {
            phone(0): "emailed", phone(1): "accepted", phone(2): "emailed", phone(3): "sms_sent"})
        stack.put_orders([order(0, "shipped")])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        stack.drain(stack.email, "email-fallback")
        self.assertEqual(len(service.sent), 1, "an opt-out from the carrier is kept")
        self.assertEqual(stack.sent_mail().count("c0@example.com"), 2)

    def test_a_used_up_quota_holds_the_provider_for_all(self):
        stack, service = self.stack({phone(0): (
            "ServiceQuotaExceededException", {"Reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"})})
        stack.put_orders([order(0)])
        stack.drain(stack.orders, "order-processor")
        stack.poll(stack.sms, "sms-sender")
        stack.put_orders([order(1)])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        self.assertEqual(service.sent, [])
        waiting = set(self.states_by_phone(stack).values())
        self.assertLessEqual(waiting, {"accepted", "deferred"})
        logged = "\n".join(stack.function("sms-sender").lines)
        self.assertIn("provider_held", logged)
        self.assertIn("monthly_spend_limit_reached_for_text", logged)


if __name__ == "__main__":
    unittest.main()
