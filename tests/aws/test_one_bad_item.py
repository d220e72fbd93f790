"""One bad item of the log stops nobody: one that can't be read, one that can't be written."""

import json
import unittest

from botocore.exceptions import ClientError

from fault_proxy import THROTTLE
from proxy import Proxy
from stack import Stack, order


class Throttled(Proxy):
    """A DynamoDB that throttles each write of one item."""

    def __init__(self, behind_port, item):
        super().__init__(behind_port)
        self.key = json.dumps({"notification_id": {"S": item}}, separators=(",", ":")).encode()

    def serve(self, handler, body):
        target = handler.headers.get("X-Amz-Target", "")
        if self.key in body and ("UpdateItem" in target or "TransactWriteItems" in target):
            self.answer(handler, 400, THROTTLE)
        else:
            self.answer(handler, *self.pass_on(handler, body))


class OneBadItem(unittest.TestCase):
    def stack(self, orders):
        stack = Stack()
        self.addCleanup(stack.__exit__)
        stack.__enter__()
        stack.put_orders([order(i) for i in range(orders)])
        stack.drain(stack.orders, "order-processor")
        return stack

    def update(self, stack, item, name, value):
        stack.dynamodb.update_item(
            TableName="log", Key={"notification_id": item["notification_id"]},
            UpdateExpression="SET #n = :v", ExpressionAttributeNames={"#n": name},
            ExpressionAttributeValues={":v": value})

    def fill(self, stack, item):
        """Makes the item nearly as large as DynamoDB takes: a claim finds room, an outcome does
        not."""
        for size in range(410_000, 390_000, -50):
            if self.pad(stack, item, size):
                self.assertTrue(self.pad(stack, item, size - 80))
                return
        self.fail("no size is taken")

    def unfill(self, stack, item):
        stack.dynamodb.update_item(
            TableName="log", Key={"notification_id": item["notification_id"]},
            UpdateExpression="REMOVE padding")

    def pad(self, stack, item, size):
        self.unfill(stack, item)  # the stand-in does half of what it refuses
        try:
            self.update(stack, item, "padding", {"S": "x" * size})
        except ClientError:
            return False
        return True

    def logged(self, stack, function, event):
        lines = [json.loads(line) for line in stack.function(function).lines]
        return [line for line in lines if line.get("event") == event]

    def counted(self, stack, function):
        lines = [json.loads(line) for line in stack.function(function).lines]
        return sum(line.get("items_set_aside", 0) for line in lines)

    def test_what_can_not_be_read_is_named_and_the_others_are_swept(self):
        stack = self.stack(4)
        stack.drain(stack.sms, "sms-sender")
        stack.make_due()
        newer, other = stack.notifications()[:2]
        self.update(stack, newer, "state", {"S": "state_of_a_newer_version"})
        self.update(stack, other, "version", {"S": "seven"})
        for _ in range(2):
            stack.function("sweeper").invoke({})
        self.assertEqual(stack.states(),
                         {"state_of_a_newer_version": 1, "sms_sent": 1, "email_due": 2})
        named = self.logged(stack, "sweeper", "item_set_aside")
        self.assertEqual({(line["notification_id"], line["key_name"]) for line in named},
                         {(newer["notification_id"]["S"], "state"),
                          (other["notification_id"]["S"], "version")})
        self.assertEqual(len(named), 2, "once in an hour")
        self.assertEqual(self.counted(stack, "sweeper"), 2)

    def test_what_can_not_be_read_stops_no_work_from_being_offered_again(self):
        stack = self.stack(103)
        stack.sqs.purge_queue(QueueUrl=stack.sms)
        stack.make_due()
        for item in stack.notifications()[1:]:
            self.update(stack, item, "state", {"S": "state_of_a_newer_version"})
        for _ in range(2):
            stack.function("sweeper").invoke({})
        stack.drain(stack.sms, "sms-sender")
        self.assertEqual(stack.states(), {"state_of_a_newer_version": 102, "sms_sent": 1})

    def test_an_outcome_that_can_not_be_written_is_never_sent_again(self):
        stack = self.stack(4)
        full = stack.notifications()[0]
        self.fill(stack, full)
        records = stack.receive_all(stack.sms)
        answer = stack.function("sms-sender").invoke({"Records": records})
        self.assertEqual(answer, {"batchItemFailures": []}, "it is claimed and sent")
        self.assertEqual(stack.states(), {"sending_sms": 1, "sms_sent": 3})
        named = self.logged(stack, "sms-sender", "item_set_aside")
        self.assertEqual([(line["notification_id"], line["code"]) for line in named],
                         [(full["notification_id"]["S"], "unwritable")])
        self.unfill(stack, full)
        stack.make_due()
        stack.function("sweeper").invoke({})
        self.assertEqual(stack.states(), {"email_due": 4})
        stack.function("sms-sender").invoke({"Records": records})
        self.assertEqual(len(stack.sent_sms()), 4)

    def test_a_throttled_item_comes_again_alone(self):
        stack = self.stack(4)
        busy = stack.notifications()[0]["notification_id"]["S"]
        records = stack.receive_all(stack.sms)
        with Throttled(stack.aws.port, busy) as proxy:
            stack.through(proxy)
            answer = stack.function("sms-sender").invoke({"Records": records})
        bad = [r["messageId"] for r in records if busy in r["body"]]
        self.assertEqual([f["itemIdentifier"] for f in answer["batchItemFailures"]], bad)
        self.assertEqual(stack.states(), {"accepted": 1, "sms_sent": 3})


if __name__ == "__main__":
    unittest.main()
