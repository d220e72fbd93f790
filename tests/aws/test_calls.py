"""What an order costs on AWS in the normal case: calls by service and operation, write units with
transactions and indexes, priced, beside the original design."""

import unittest

from counting_proxy import CountingProxy
from stack import Stack, delivery_log, log_event, order, table_requests

ORDERS = 50

# us-east-1, USD a million; 24 November 2026: AWS's pricing pages of DynamoDB (on demand, as halved
# on 1 November 2024) and of SQS (standard); that of PutMetricData is not confirmed.
PRICE_WRITE_UNIT = 0.625
PRICE_READ_UNIT = 0.125
PRICE_SQS = 0.40
PRICE_METRIC_CALL = 10.0
SMS = 6450.0  # micro-USD: one part to the US, in AWS's own sample of a delivery log

# The original design, for one order, without any delivery tracking.
ORIGINAL = {("DynamoDB", "GetItem"): 1, ("DynamoDB", "Query"): 1, ("DynamoDB", "PutItem"): 2,
            ("SQS", "SendMessage"): 1, ("SNS", "CheckIfPhoneNumberIsOptedOut"): 1,
            ("SNS", "Publish"): 1, ("DynamoDB", "UpdateItem"): 1,
            ("SNS", "SetSMSAttributes"): 0.1, ("CloudWatch", "PutMetricData"): 0.1}


class Calls(unittest.TestCase):
    def test_an_order_takes_no_more_than_six_calls_with_its_tracking(self):
        with Stack() as stack:
            tables = table_requests("log", "preferences", "status", "guard")
            with CountingProxy(stack.aws, tables) as counted:
                stack.environment["AWS_ENDPOINT_URL"] = counted.url
                stack.put_orders([order(i) for i in range(ORDERS)])
                stack.drain(stack.orders, "order-processor")
                stack.drain(stack.sms, "sms-sender")
                lines = [delivery_log(s["message_id"], "Message has been accepted by phone carrier")
                         for s in stack.sent_sms()]
                for i in range(0, len(lines), 10):
                    stack.function("delivery-tracker").invoke(log_event(lines[i:i + 10]))
            self.assertEqual(stack.states(), {"delivered": ORDERS})
        self.report(counted)
        calls = sum(counted.calls.values()) / ORDERS
        self.assertLessEqual(calls, 6.0)
        self.assertLessEqual(self.cost(counted), 0.005 * SMS, "half a percent of the SMS")

    def cost(self, counted):
        """Micro-USD an order: DynamoDB, and SQS with what an event source mapping adds."""
        batches = sum(n for (service, _), n in counted.calls.items() if service == "SQS")
        received = deleted = 2 * ORDERS / 10  # of the two queues
        return (sum(counted.write_units.values()) * PRICE_WRITE_UNIT
                + counted.read_units * PRICE_READ_UNIT
                + (batches + received + deleted) * PRICE_SQS) / ORDERS

    def report(self, counted):
        print("\ncalls an order                          ours  original")
        for key in sorted(set(counted.calls) | set(ORIGINAL)):
            ours = counted.calls.get(key, 0) / ORDERS
            print(f"  {' '.join(key):<36} {ours:>6.2f} {ORIGINAL.get(key, 0):>8.1f}")
        print(f"  {'all':<36} {sum(counted.calls.values()) / ORDERS:>6.2f} "
              f"{sum(ORIGINAL.values()):>8.1f}")
        print("write units an order")
        for name, units in sorted(counted.write_units.items()):
            print(f"  {name:<36} {units / ORDERS:>6.2f}")
        print(f"  {'all':<36} {sum(counted.write_units.values()) / ORDERS:>6.2f}")
        print(f"read units an order                    {counted.read_units / ORDERS:>6.2f}")
        cost = self.cost(counted)
        print(f"DynamoDB and SQS an order: {cost:.1f} micro-USD, "
              f"{100 * cost / SMS:.2f} % of its SMS (two PutMetricData calls: "
              f"{2 * PRICE_METRIC_CALL:.0f})")


if __name__ == "__main__":
    unittest.main()
