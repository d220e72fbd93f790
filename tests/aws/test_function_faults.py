"""The functions when something dies: the function itself at the worst moments, DynamoDB under it,
the list of opt-outs; and when eight of them race for the last money."""

import json
import os
import socket
import threading
import unittest

from fault_proxy import THROTTLE, FaultProxy
from lambda_function import LambdaFunction
from proxy import Proxy
from stack import Stack, delivery_log, log_event, order


class HangingSns:
    """An SNS that takes a Publish and does not answer."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.published, self.held = [], []
        self.taken = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            data = b""
            while b"Action=" not in data:
                part = connection.recv(65536)
                if not part:
                    break
                data += part
            if b"Action=Publish" in data:
                self.published.append(data)
                self.held.append(connection)
                self.taken.set()
            else:  # the sweeper asks who has opted out
                connection.close()


class Throttle(Proxy):
    """A fault that throttles the requests with all of these texts."""

    def __init__(self, behind_port, *texts):
        super().__init__(behind_port)
        self.texts = texts
        self.refused = 0

    def serve(self, handler, body):
        if all(text in body for text in self.texts):
            self.refused += 1
            self.answer(handler, 400, THROTTLE)
        else:
            self.answer(handler, *self.pass_on(handler, body))


class HalfTaken(Proxy):
    """An SQS that takes every other entry of a batch, as often as `times` says."""

    def __init__(self, behind_port, times):
        super().__init__(behind_port)
        self.times = times

    def serve(self, handler, body):
        if self.times == 0 or b'"Entries"' not in body:
            self.answer(handler, *self.pass_on(handler, body))
            return
        self.times -= 1
        request = json.loads(body)
        refused = [entry["Id"] for entry in request["Entries"][::2]]
        request["Entries"] = request["Entries"][1::2]
        taken = {}
        if request["Entries"]:
            rest = json.dumps(request).encode()
            handler.headers.replace_header("Content-Length", str(len(rest)))
            status, content, _ = self.pass_on(handler, rest)
            assert status == 200, content
            taken = json.loads(content)
        failures = [{"Id": i, "Code": "InternalError", "SenderFault": False} for i in refused]
        self.answer(handler, 200, json.dumps(taken | {"Failed": failures}).encode())


class Faults(unittest.TestCase):
    def stack(self, **settings):
        stack = Stack(**settings)
        self.addCleanup(stack.__exit__)
        return stack.__enter__()

    def to_its_end(self, stack):
        """Lets abandoned work end by its deadlines."""
        for _ in range(3):
            stack.make_due()
            stack.function("sweeper").invoke_async({})
            stack.drain(stack.sms, "sms-sender", twice=True)
            stack.drain(stack.email, "email-fallback")

    def test_what_a_queue_did_not_take_is_sent_again_at_once(self):
        stack = self.stack()
        with HalfTaken(stack.aws.port, times=2) as proxy:
            stack.environment["AWS_ENDPOINT_URL_SQS"] = proxy.url
            stack.put_orders([order(i) for i in range(10)])
            stack.drain(stack.orders, "order-processor")
            self.assertEqual(proxy.times, 0)
            stack.drain(stack.sms, "sms-sender")
        self.assertEqual(len(stack.sent_sms()), 10, "no sweeper was needed")

    def test_killed_between_claim_and_send(self):
        stack = self.stack()
        stack.put_orders([order(1)])
        stack.drain(stack.orders, "order-processor")
        with FaultProxy(stack.aws.port, throttled=0, conflict=0, lost=0) as proxy:
            proxy.hold = b'"sending_sms"'
            stack.through(proxy)
            sender = stack.function("sms-sender")
            message = stack.sqs.receive_message(QueueUrl=stack.sms)["Messages"][0]
            sender.begin({"Records": [{"messageId": "m", "body": message["Body"],
                                       "attributes": {}, "eventSource": "aws:sqs"}]})
            self.assertTrue(proxy.held.wait(20))
            sender.kill()
            proxy.hold = None
            self.assertEqual(stack.states(), {"sending_sms": 1}, "the claim is durable")
            sender.start()
            self.to_its_end(stack)
        self.assertEqual(stack.sent_sms(), [], "it may have gone out, for all we know")
        self.assertEqual(stack.states(), {"emailed": 1})

    def test_killed_between_send_and_record(self):
        stack = self.stack()
        with HangingSns() as sns:
            stack.environment["AWS_ENDPOINT_URL_SNS"] = sns.url
            stack.put_orders([order(1)])
            stack.drain(stack.orders, "order-processor")
            sender = stack.function("sms-sender")
            message = stack.sqs.receive_message(QueueUrl=stack.sms)["Messages"][0]
            sender.begin({"Records": [{"messageId": "m", "body": message["Body"],
                                       "attributes": {}, "eventSource": "aws:sqs"}]})
            self.assertTrue(sns.taken.wait(20))
            sender.kill()
            sender.start()
            self.to_its_end(stack)
            self.assertEqual(len(sns.published), 1)
        self.assertEqual(stack.states(), {"emailed": 1})

    def used(self, stack):
        """The micro-USD counted as used in the month, and the number of open reservations."""
        budget = stack.dynamodb.scan(TableName="guard", FilterExpression="begins_with(pk, :b)",
                                     ExpressionAttributeValues={":b": {"S": "budget#"}})["Items"][0]
        return int(budget["used"]["N"]), [name for name in budget if name.startswith("open_")]

    def make_old(self, stack, name):
        month = stack.dynamodb.scan(TableName="guard", FilterExpression="begins_with(pk, :b)",
                                    ExpressionAttributeValues={":b": {"S": "budget#"}})["Items"][0]
        stack.dynamodb.update_item(
            TableName="guard", Key={"pk": month["pk"], "sk": month["sk"]},
            UpdateExpression="SET #open.#at = :at", ExpressionAttributeNames={"#open": name,
                                                                              "#at": "at"},
            ExpressionAttributeValues={":at": {"N": "1000000000000"}})

    def abandon(self, stack, text):
        """A sender killed while DynamoDB's answer to such a write was on its way."""
        stack.put_orders([order(1), order(2)])
        stack.drain(stack.orders, "order-processor")
        records = stack.receive_all(stack.sms)
        with FaultProxy(stack.aws.port, throttled=0, conflict=0, lost=0) as proxy:
            proxy.hold = text
            stack.environment["AWS_ENDPOINT_URL_DYNAMODB"] = proxy.url
            sender = stack.function("sms-sender")
            sender.begin({"Records": records})
            self.assertTrue(proxy.held.wait(20))
            sender.kill()
        del stack.environment["AWS_ENDPOINT_URL_DYNAMODB"]
        del stack.functions["sms-sender"]
        return records

    def test_money_that_was_reserved_by_the_dead_comes_back(self):
        stack = self.stack()
        records = self.abandon(stack, b"open_")  # before the claim
        used, left = self.used(stack)
        self.assertEqual((used, len(left)), (100_000, 1))
        stack.function("sms-sender").invoke({"Records": records})
        self.assertEqual(stack.states(), {"sms_sent": 2})
        self.assertEqual(self.used(stack), (200_000, left), "counted twice")
        stack.function("sweeper").invoke({})
        self.assertEqual(self.used(stack), (200_000, left), "a worker may still be at it")
        self.make_old(stack, left[0])
        for _ in range(2):
            stack.function("sweeper").invoke({})
            self.assertEqual(self.used(stack), (100_000, []))

    def test_money_that_the_dead_claimed_with_stays_used(self):
        stack = self.stack()
        self.abandon(stack, b'"sending_sms"')  # after the claim of one of them, or both
        claimed = stack.states()["sending_sms"]
        used, left = self.used(stack)
        self.assertEqual((used, len(left)), (100_000, 1))
        self.make_old(stack, left[0])
        stack.function("sweeper").invoke({})
        self.assertEqual(self.used(stack), (50_000 * claimed, []))

    def test_what_is_claimed_is_sent_though_its_reservation_can_not_be_closed(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2)])
        stack.drain(stack.orders, "order-processor")
        with Throttle(stack.aws.port, b"REMOVE", b"open_") as proxy:
            stack.through(proxy)
            stack.drain(stack.sms, "sms-sender")
            self.assertGreater(proxy.refused, 0)
            self.assertEqual(stack.states(), {"sms_sent": 2})
            used, left = self.used(stack)
            self.assertEqual((used, len(left)), (100_000, 1))
            self.make_old(stack, left[0])
        stack.environment["AWS_ENDPOINT_URL_DYNAMODB"] = stack.aws.url
        stack.function("sweeper").invoke({})
        self.assertEqual(self.used(stack), (100_000, []), "all of it was claimed with")

    def test_money_of_claims_that_were_refused_is_free_at_once(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2)])
        stack.drain(stack.orders, "order-processor")
        records = stack.receive_all(stack.sms)
        with Throttle(stack.aws.port, b'"sending_sms"', b"TransactItems") as proxy:
            stack.through(proxy)
            answer = stack.function("sms-sender").invoke({"Records": records})
            self.assertEqual(len(answer["batchItemFailures"]), 2)
            self.assertEqual(stack.states(), {"accepted": 2})
            self.assertEqual(self.used(stack), (0, []))
            proxy.texts = (b"nothing",)
            stack.function("sms-sender").invoke({"Records": records})
        self.assertEqual(stack.states(), {"sms_sent": 2})

    def test_no_answer_from_sns_is_never_sent_again(self):
        stack = self.stack()
        with HangingSns() as sns:
            stack.environment["AWS_ENDPOINT_URL_SNS"] = sns.url
            stack.put_orders([order(1)])
            stack.drain(stack.orders, "order-processor")
            stack.drain(stack.sms, "sms-sender", twice=True)
            self.assertEqual(stack.states(), {"unknown": 1})
            self.to_its_end(stack)
            self.assertEqual(len(sns.published), 1)
        self.assertEqual(stack.states(), {"emailed": 1})

    def test_what_there_is_no_time_for_comes_again(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2)])
        for queue, function, state in ((stack.orders, "order-processor", {}),
                                       (stack.sms, "sms-sender", {"accepted": 2})):
            records = stack.receive_all(queue)
            answer = stack.function(function).invoke({"Records": records}, 0.001)
            self.assertEqual(len(answer["batchItemFailures"]), 2)
            self.assertEqual(stack.states(), state)
            answer = stack.function(function).invoke({"Records": records})
            self.assertEqual(answer, {"batchItemFailures": []})
        self.assertEqual(stack.states(), {"sms_sent": 2})

    def test_a_bad_network_to_dynamodb_loses_and_doubles_nothing(self):
        stack = self.stack()
        with FaultProxy(stack.aws.port, seed=3) as proxy:
            stack.through(proxy)
            stack.put_orders([order(i) for i in range(20)])
            for _ in range(30):
                if not stack.poll(stack.orders, "order-processor"):
                    break
            for _ in range(60):
                if not stack.poll(stack.sms, "sms-sender", twice=True):
                    break
            sent = stack.sent_sms()
            for s in sent:
                stack.function("delivery-tracker").invoke_async(log_event(
                    [delivery_log(s["message_id"], "Message has been accepted by phone")]))
            self.to_its_end(stack)
            self.assertGreater(min(proxy.done.values()), 0, proxy.done)
        numbers = [s["phone_number"] for s in sent]
        self.assertEqual(len(numbers), len(set(numbers)), "none twice")
        states = stack.states()
        self.assertEqual(sum(states.values()), 20, "none lost")
        self.assertEqual(set(states) - {"delivered", "emailed"}, set(), states)
        self.assertGreater(states["delivered"], 10)

    def test_eight_senders_racing_for_the_last_money(self):
        stack = self.stack(SMS_SPENDING_LIMIT="1.0")  # twenty at five cents
        for i in range(80):
            stack.function("order-processor").invoke(order(i))
        program = os.path.join(os.environ["FUNCTIONS"], "postrider-lambda")
        records = stack.receive_all(stack.sms)
        senders = [LambdaFunction([program], "sms-sender", stack.environment) for _ in range(8)]
        for sender in senders:
            sender.__enter__()
            self.addCleanup(sender.__exit__)
        threads = [threading.Thread(target=sender.invoke, args=(
            {"Records": records[i * 10:(i + 1) * 10]}, 60)) for i, sender in enumerate(senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(stack.sent_sms()), 20, "not one more, and all that there is money for")
        self.assertEqual(stack.states(), {"sms_sent": 20, "email_due": 60})
        budget = stack.dynamodb.scan(TableName="guard", FilterExpression="begins_with(pk, :b)",
                                     ExpressionAttributeValues={":b": {"S": "budget#"}})["Items"]
        self.assertEqual([item["used"]["N"] for item in budget], ["1000000"])

    def test_without_the_list_of_opt_outs_nothing_is_sent(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2)])
        stack.drain(stack.orders, "order-processor")
        stack.dynamodb.delete_table(TableName="guard")
        received = stack.sqs.receive_message(QueueUrl=stack.sms, MaxNumberOfMessages=10)["Messages"]
        answer = stack.function("sms-sender").invoke({"Records": [
            {"messageId": m["MessageId"], "body": m["Body"], "attributes": {},
             "eventSource": "aws:sqs"} for m in received]})
        self.assertEqual({f["itemIdentifier"] for f in answer["batchItemFailures"]},
                         {m["MessageId"] for m in received})
        self.assertEqual(stack.sent_sms(), [])
        self.assertEqual(stack.states(), {"accepted": 2})

    def test_an_opted_out_number_gets_an_email(self):
        stack = self.stack()
        stack.put_orders([order(1), order(2)])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        first = next(s for s in stack.sent_sms() if s["phone_number"].endswith("1001"))
        stack.function("delivery-tracker").invoke(log_event(
            [delivery_log(first["message_id"], "Phone number is opted out", "FAILURE")]))
        stack.put_orders([order(1, "shipped", order_id="o11"), order(2, "shipped", order_id="o12")])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        stack.drain(stack.email, "email-fallback")
        numbers = [s["phone_number"] for s in stack.sent_sms()]
        self.assertEqual(sum(n.endswith("1001") for n in numbers), 1)
        self.assertEqual(sum(n.endswith("1002") for n in numbers), 2)
        self.assertEqual(sorted(stack.sent_mail()), ["c1@example.com"] * 2)

    def test_who_opted_out_at_the_carrier_is_known_before_anything_is_sent(self):
        stack = self.stack()
        listed = stack.aws.client("sns").list_phone_numbers_opted_out()["phoneNumbers"]
        number = next(n for n in listed if n.startswith("+447"))
        stack.function("sweeper").invoke({})
        stack.put_orders([order(1, contact={"phone": number, "email": "c1@example.com"})])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        stack.drain(stack.email, "email-fallback")
        self.assertEqual((stack.sent_sms(), stack.sent_mail()), ([], ["c1@example.com"]))
        for _ in range(2):
            stack.function("sweeper").invoke({})
        asked = [line for line in stack.function("sweeper").lines if "carrier_opt_outs" in line]
        self.assertEqual(len(asked), 1, "once a day")
        self.assertIn(f'"count":{len(listed)}', asked[0])

    def test_an_account_problem_holds_the_provider_for_every_sender(self):
        stack = self.stack()
        stack.put_orders([order(1)])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        stack.function("delivery-tracker").invoke(log_event(
            [delivery_log(stack.sent_sms()[0]["message_id"], "No quota left for account",
                          "FAILURE")]))
        stack.put_orders([order(2), order(3)])
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        self.assertEqual(len(stack.sent_sms()), 1)
        self.assertEqual(stack.states(), {"email_due": 1, "deferred": 2})
        logged = [json.loads(line) for line in stack.function("delivery-tracker").lines]
        self.assertIn("provider_held", [line.get("event") for line in logged])


if __name__ == "__main__":
    unittest.main()
