"""The five functions against a stand-in for AWS, with signatures checked: from the order to the
receipt, with every batch twice, with crashes and bad input."""

import json
import os
import socket
import subprocess
import unittest

from lambda_function import FunctionError
from proxy import Proxy
from stack import Stack, delivery_log, log_event, order, phone

ACCEPTED = "Message has been accepted by phone carrier"


def bridge(event):
    return {"version": "0", "id": "e", "detail-type": "Order", "source": "shop",
            "account": "123456789012", "time": "2026-11-26T00:00:00Z", "region": "us-east-1",
            "resources": [], "detail": event}


class Recorder(Proxy):
    """A proxy that keeps the requests sent through it."""

    def __init__(self, behind_port):
        super().__init__(behind_port)
        self.bodies = []

    def serve(self, handler, body):
        self.bodies.append(body)
        self.answer(handler, *self.pass_on(handler, body))


class Functions(unittest.TestCase):
    def stack(self, **settings):
        stack = Stack(**settings)
        self.addCleanup(stack.__exit__)
        return stack.__enter__()

    def test_from_order_to_receipt_with_every_batch_twice(self):
        stack = self.stack()
        stack.put_orders([order(i) for i in range(200)])
        stack.drain(stack.orders, "order-processor", twice=True)
        for i in range(200, 400):
            answer = stack.function("order-processor").invoke(bridge(order(i)))
            self.assertEqual(answer["statusCode"], 200)
        for i in range(400, 600):
            answer = stack.function("order-processor").invoke(order(i))
            self.assertEqual(answer["statusCode"], 200)
            self.assertEqual(json.loads(answer["body"])["state"], "accepted")
        self.assertEqual(stack.states(), {"accepted": 600})

        stack.drain(stack.sms, "sms-sender", twice=True)
        sent = stack.sent_sms()
        self.assertEqual(sorted(s["phone_number"] for s in sent),
                         sorted(phone(i) for i in range(600)), "each number once")
        self.assertEqual(stack.states(), {"sms_sent": 600})

        # One in ten fails; each event comes twice, and the second time in another order.
        failed = {s["phone_number"] for s in sent[::10]}
        lines = [delivery_log(s["message_id"], "Phone has blocked SMS", "FAILURE")
                 if s["phone_number"] in failed else delivery_log(s["message_id"], ACCEPTED)
                 for s in sent]
        for part in (lines, lines[::-1]):
            for i in range(0, len(part), 25):
                stack.function("delivery-tracker").invoke(log_event(part[i:i + 25]))
        self.assertEqual(stack.states(), {"delivered": 540, "email_due": 60})

        stack.drain(stack.email, "email-fallback", twice=True)
        self.assertEqual(stack.states(), {"delivered": 540, "emailed": 60})
        self.assertEqual(len(stack.sent_mail()), 60, "each once: nothing failed on the way")
        self.assertEqual(len(stack.sent_sms()), 600)
        self.assertEqual(stack.waiting(stack.dead), 0)

        item = next(n for n in stack.notifications() if n["state"]["S"] == "delivered")
        self.assertEqual(item["spent"]["N"], "6450", "settled by the receipt's price")
        self.assertEqual(item["proof"]["S"], "carrier")

    def test_a_record_that_is_none_fails_alone_and_ends_in_the_dead_letter_queue(self):
        stack = self.stack(MAX_RECEIVES="3")
        stack.put_orders([order(1)])
        stack.sqs.send_message(QueueUrl=stack.orders, MessageBody="no order at all")
        stack.put_orders([{"order_id": "o2"}, order(3)])
        for _ in range(10):
            stack.poll(stack.orders, "order-processor")
        self.assertEqual(stack.states(), {"accepted": 2})
        self.assertEqual(stack.waiting(stack.dead), 2)
        for body in ("x", '{"v":2,"notification_id":"018f0000-0000-5000-8000-000000000001"}'):
            stack.sqs.send_message(QueueUrl=stack.sms, MessageBody=body)
        for _ in range(10):
            stack.poll(stack.sms, "sms-sender")
        self.assertEqual(len(stack.sent_sms()), 2)
        self.assertEqual(stack.waiting(stack.dead), 4)
        kept = stack.dynamodb.scan(
            TableName="guard", FilterExpression="begins_with(pk, :p)",
            ExpressionAttributeValues={":p": {"S": "unreadable#"}})["Items"]
        self.assertEqual(sorted((k["queue"]["S"], k["code"]["S"], k["body"]["S"][:8])
                                for k in kept),
                         [("orders", "invalid_json", "no order"),
                          ("orders", "missing_field", '{"order_'),
                          ("sms", "invalid_json", "x"), ("sms", "unknown_version", '{"v":2,"')])
        self.assertTrue(all("ttl" in k for k in kept))
        logged = "\n".join(stack.function("order-processor").lines)
        self.assertIn("event_refused", logged)
        self.assertNotIn("no order at all", logged)

    def test_answers_of_a_direct_invocation(self):
        stack = self.stack(CUSTOMER_PER_HOUR="1")
        orders = stack.function("order-processor")

        def answer(event):
            full = orders.invoke(event)
            return full["statusCode"], json.loads(full["body"])

        status, first = answer(order(1))
        self.assertEqual((status, first["state"], first["duplicate"]), (200, "accepted", False))
        status, again = answer(order(1))
        self.assertEqual((status, again["duplicate"]), (200, True))
        self.assertEqual(again["notification_id"], first["notification_id"])
        self.assertEqual(answer(order(1, "shipped"))[0], 202, "over the limit: deferred")
        # A row as scripts of the original design wrote it: nobody has read its number yet.
        stack.dynamodb.put_item(TableName="preferences", Item={
            "customer_id": {"S": "old"}, "phone_number": {"S": "(425) 555-0100"}})
        status, known = answer({"order_id": "o9", "customer_id": "old", "status": "confirmed"})
        self.assertEqual((status, known["state"]), (200, "accepted"))
        self.assertIn("+14255550100", [n.get("phone", {}).get("S") for n in stack.notifications()])
        status, nobody = answer(order(2, contact={}))
        self.assertEqual((status, nobody["state"]), (400, "no_contact"))
        status, refused = answer({"order_id": "o"})
        self.assertEqual((status, refused["code"]), (400, "missing_field"))
        answer(order(3, dedupe_key="k"))
        self.assertEqual(answer(order(3, "shipped", dedupe_key="k"))[0], 409)
        with self.assertRaises(FunctionError) as bad:
            orders.invoke(bridge({"order_id": "o"}))
        self.assertEqual(bad.exception.kind, "Postrider.BadEvent")

    def test_work_that_a_queue_lost_and_a_crash_abandoned(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2)])
        stack.drain(stack.orders, "order-processor")
        self.assertEqual(stack.function("sweeper").invoke({})["requeued"], 0, "not yet")
        stack.sqs.purge_queue(QueueUrl=stack.sms)
        stack.make_due()
        self.assertEqual(stack.function("sweeper").invoke({})["requeued"], 2)
        due = {n["notification_id"]["S"]: int(n["due_key"]["S"].split(".")[0])
               for n in stack.notifications()}
        offered = [json.loads(record["body"]) for record in stack.receive_all(stack.sms)]
        self.assertEqual({m["notification_id"]: m["sweeper_at"] for m in offered}, due,
                         "a copy waits in the queue until the sweeper makes the next")
        for message in offered:
            stack.sqs.send_message(QueueUrl=stack.sms, MessageBody=json.dumps(message))
        self.assertEqual(stack.function("sweeper").invoke({})["requeued"], 0, "looked at later")
        stack.drain(stack.sms, "sms-sender")
        self.assertEqual(stack.states(), {"sms_sent": 2})

    def command(self, stack, *words, status=0):
        """The JSON documents that the command line answers, one a line."""
        done = subprocess.run([os.path.join(os.environ["FUNCTIONS"], "postrider"), *words],
                              env=stack.environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()] if not status else done

    def test_the_command_line_reads_and_changes_what_the_functions_write(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2, contact={"phone": "+14255551002"})])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        sent = {s["phone_number"]: s["message_id"] for s in stack.sent_sms()}
        stack.function("delivery-tracker").invoke(log_event(
            [delivery_log(sent["+14255551001"], ACCEPTED),
             delivery_log(sent["+14255551002"], "Phone has blocked SMS", "FAILURE")]))
        stack.drain(stack.email, "email-fallback")
        name = stack.deploy_outputs()
        here = ("--aws", name, "--json")

        listed = self.command(stack, "notifications", "list", "--order", "o1",
                              *here)[0]["notifications"]
        self.assertEqual([n["state"] for n in listed], ["delivered"])
        record = self.command(stack, "notifications", "show", listed[0]["id"], *here)
        self.assertEqual(record[0]["attempts"][0]["message_id"], sent["+14255551001"])
        self.assertEqual([h["to"] for h in record[0]["history"]],
                         ["accepted", "sending_sms", "sms_sent", "delivered"])
        dead = self.command(stack, "dead-letters", "list", *here)[0]["dead_letters"]
        self.assertEqual([n["order_id"] for n in dead], ["o2"])
        self.command(stack, "dead-letters", "discard", dead[0]["id"], *here)
        self.assertEqual(stack.states(), {"delivered": 1, "discarded": 1})
        self.command(stack, "opt-outs", "add", "+14255551003", *here)
        stack.function("order-processor").invoke(order(3))
        stack.drain(stack.sms, "sms-sender")
        self.assertEqual(len(stack.sent_sms()), 2, "opted out")
        refused = self.command(stack, "opt-outs", "list", "--aws", "another", status=1)
        self.assertIn("there is no stack another in us-east-1", refused.stderr)

    def test_a_trace_goes_from_the_order_to_the_message(self):
        daemon = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(daemon.close)
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(10)
        stack = self.stack(AWS_XRAY_DAEMON_ADDRESS="127.0.0.1:%d" % daemon.getsockname()[1])
        queue = Recorder(stack.aws.port)  # moto forgets the header of a message in a batch
        self.addCleanup(queue.__exit__)
        stack.environment["AWS_ENDPOINT_URL_SQS"] = queue.__enter__().url
        root = "1-5bef4de7-ad49b0e87f6ef6c87fc2e700"
        trace = f"Root={root};Parent=9a9197af755a6419;Sampled="
        stack.function("order-processor").trace = trace + "0"
        stack.function("order-processor").invoke(order(1))
        stack.function("order-processor").trace = trace + "1"
        stack.function("order-processor").invoke(order(2))
        headers = [entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"]
                   for body in queue.bodies for entry in json.loads(body)["Entries"]]
        self.assertEqual(headers, [trace + "0", trace + "1"])
        stack.function("sms-sender").trace = trace + "1"
        stack.poll(stack.sms, "sms-sender")

        traced = set()
        while ("SNS", "Publish") not in traced:
            head, document = daemon.recv(65536).split(b"\n", 1)
            self.assertEqual(json.loads(head), {"format": "json", "version": 1})
            segment = json.loads(document)
            self.assertEqual((segment["trace_id"], segment["parent_id"]),
                             (root, "9a9197af755a6419"))
            self.assertNotIn(b"+1425", document)
            traced.add((segment["name"], segment["aws"]["operation"]))
        self.assertIn(("DynamoDB", "TransactWriteItems"), traced)
        self.assertIn(("SQS", "SendMessageBatch"), traced)

    def test_in_test_mode_nobody_is_reached_and_all_else_is_as_in_life(self):
        stack = self.stack(TEST_MODE="true")
        ends = {"+12025550100": "delivered", "+12025550101": "delivered",
                "+12025550103": "emailed", "+12025550104": "sms_sent",
                "+12025550107": "emailed", "+12025550108": "unknown",
                "+12025550111": "emailed", "+12025550113": "delivered",
                "+14254147755": "delivered", "+14254147167": "emailed"}
        stack.put_orders([order(i, contact={"phone": number, "email": f"c{i}@example.com"})
                          for i, number in enumerate(ends)])
        stack.put_orders([order(99, contact={"email": "bounce@simulator.amazonses.com"})])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        stack.drain(stack.email, "email-fallback")
        states = {n["phone"]["S"] if "phone" in n else "": n["state"]["S"]
                  for n in stack.notifications()}
        self.assertEqual(states, ends | {"": "dead"})
        self.assertEqual((stack.sent_sms(), stack.sent_mail()), ([], []))
        self.assertEqual(stack.dynamodb.scan(
            TableName="guard", FilterExpression="begins_with(pk, :b)",
            ExpressionAttributeValues={":b": {"S": "budget#"}})["Items"], [], "costs nothing")

    def test_the_spending_limit_holds(self):
        stack = self.stack(SMS_SPENDING_LIMIT="0.5")  # ten at five cents
        for i in range(25):
            stack.function("order-processor").invoke(order(i))
        stack.drain(stack.sms, "sms-sender")
        stack.drain(stack.email, "email-fallback")
        self.assertEqual(stack.states(), {"sms_sent": 10, "emailed": 15})
        self.assertEqual(len(stack.sent_sms()), 10)

    def test_a_start_without_its_settings_says_which(self):
        stack = self.stack(GUARD_TABLE="", SMS_CARRIER="pigeon")
        function = stack.function("sms-sender")
        function.process.wait(10)
        self.assertNotEqual(function.process.returncode, 0)
        self.assertEqual(function.failed_start["errorType"], "Postrider.Configuration")
        self.assertIn("GUARD_TABLE is not set", function.failed_start["errorMessage"])
        self.assertIn("SMS_CARRIER: sms.carrier must be sns or end_user_messaging",
                      function.failed_start["errorMessage"])


if __name__ == "__main__":
    unittest.main()
