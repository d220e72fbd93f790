"""The cost of an order on AWS in the normal case: calls by service and operation, write units
with transactions and indexes, priced, beside the original design. In batches of ten, as under
load, and one by one, as a small shop's orders come."""

import json
import os
import pathlib
import unittest

from counting_proxy import CountingProxy, item_size
from stack import Stack, delivery_log, log_event, order, table_requests

ROOT = pathlib.Path(__file__).parents[2]
FIGURES = ROOT / "docs/figures/aws_calls.json"  # what tools/cost_page.py works with
ORDERS = 50
FUNCTIONS = ("order-processor", "sms-sender", "delivery-tracker")


def price(name):
    """The price in USD a million."""
    prices = json.loads((ROOT / "docs/figures/aws_prices.json").read_text())["prices"]
    return prices[name]["usd_per_million"]


class Calls(unittest.TestCase):
    def test_an_order_takes_no_more_than_six_calls_with_its_tracking(self):
        ones, _ = self.count(1)
        tens, sweep = self.count(10)
        figures = {"by_batch": {"1": ones, "10": tens}, "idle_sweep": sweep}
        self.report(figures)
        self.assertLessEqual(sum(tens["calls"].values()), 6.0)
        self.assertLessEqual(self.cost(tens), 0.005 * price("sms_us_part"), "half a percent")
        self.compare(figures)

    def count(self, batch):
        """The calls of orders in batches of this size, and of a sweep after them."""
        # A rate that all functions share, and that holds nothing back here.
        with Stack(SMS_PARTS_PER_SECOND="1000") as stack:
            stack.batch = batch
            # A stack that has run for a day: no claim of a program without fences can end now.
            stack.dynamodb.put_item(TableName="guard", Item={
                "pk": {"S": "chains"}, "sk": {"S": "-"}, "since": {"N": "1790000000000"}})
            tables = table_requests("log", "preferences", "status", "guard")
            with CountingProxy(stack.aws, tables) as counted:
                stack.environment["AWS_ENDPOINT_URL"] = counted.url
                stack.put_orders([order(i) for i in range(ORDERS)])
                stack.drain(stack.orders, "order-processor")
                stack.drain(stack.sms, "sms-sender")
                lines = [delivery_log(s["message_id"], "Message has been accepted by phone carrier")
                         for s in stack.sent_sms()]
                for i in range(0, len(lines), batch):
                    stack.function("delivery-tracker").invoke(log_event(lines[i:i + batch]))
                self.assertEqual(stack.states(), {"delivered": ORDERS})
                return self.figures(stack, counted), self.idle_sweep(stack, counted)

    def figures(self, stack, counted):
        """The counted figures, for one order."""
        stored = sum(item_size(item) for table in counted.tables
                     for item in stack.dynamodb.scan(TableName=table)["Items"])
        logged = {name: stack.functions[name].lines for name in FUNCTIONS}
        each = {
            "calls": {" ".join(key): n for key, n in sorted(counted.calls.items())},
            "write_units": dict(sorted(counted.write_units.items())),
            "read_units": counted.read_units,
            # What an event source mapping adds: it receives and deletes a batch, from two queues.
            "sqs_requests": sum(n for (service, _), n in counted.calls.items()
                                if service == "SQS") + 2 * 2 * ORDERS / stack.batch,
            "invocations": {name: stack.functions[name].count for name in FUNCTIONS},
            "log_octets": sum(len(line) for lines in logged.values() for line in lines),
            "stored_octets": stored}
        return {what: {k: round(n / ORDERS, 3) for k, n in value.items()}
                if isinstance(value, dict) else round(value / ORDERS, 3)
                for what, value in each.items()}

    def idle_sweep(self, stack, counted):
        """The calls of the sweeper in a minute without work."""
        stack.function("sweeper").invoke({})  # the first one of a day asks SNS, too
        counted.calls.clear()
        counted.write_units.clear()
        counted.read_units = 0.0
        stack.function("sweeper").invoke({})
        return {"calls": sum(counted.calls.values()), "read_units": counted.read_units,
                "write_units": sum(counted.write_units.values())}

    def cost(self, figures):
        """Micro-USD an order: DynamoDB and SQS."""
        return (sum(figures["write_units"].values()) * price("dynamodb_write_unit")
                + figures["read_units"] * price("dynamodb_read_unit")
                + figures["sqs_requests"] * price("sqs_request"))

    def compare(self, figures):
        """The documentation's figures are those of today."""
        if os.environ.get("UPDATE_FIGURES"):
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
        known = json.loads(FIGURES.read_text())
        for batch in known["by_batch"]:
            with self.subTest(batch=batch):
                self.compare_batch(figures["by_batch"][batch], known["by_batch"][batch])

    def compare_batch(self, figures, known):
        for what in ("calls", "write_units", "invocations"):
            got, wanted = sum(figures[what].values()), sum(known[what].values())
            self.assertAlmostEqual(got, wanted, delta=0.05 * wanted, msg=(
                f"{what}: UPDATE_FIGURES=1, then tools/cost_page.py"))
        for what in ("read_units", "sqs_requests", "log_octets", "stored_octets"):
            self.assertAlmostEqual(figures[what], known[what], delta=0.1 * known[what], msg=(
                f"{what}: UPDATE_FIGURES=1, then tools/cost_page.py"))

    def report(self, figures):
        original = json.loads((ROOT / "docs/figures/aws_original.json").read_text())["calls"]
        tens, ones = figures["by_batch"]["10"], figures["by_batch"]["1"]
        print("\ncalls an order                       by ten one by one  original (by ten)")
        for key in sorted(set(ones["calls"]) | set(original)):
            print(f"  {key:<34} {tens['calls'].get(key, 0):>6.2f} "
                  f"{ones['calls'].get(key, 0):>10.2f} {original.get(key, 0):>9.1f}")
        print(f"  {'all':<34} {sum(tens['calls'].values()):>6.2f} "
              f"{sum(ones['calls'].values()):>10.2f} {sum(original.values()):>9.1f}")
        print(f"  {'write units':<34} {sum(tens['write_units'].values()):>6.2f} "
              f"{sum(ones['write_units'].values()):>10.2f}")
        print(f"  {'read units':<34} {tens['read_units']:>6.2f} {ones['read_units']:>10.2f}")
        for name, counted in (("by ten", tens), ("one by one", ones)):
            cost = self.cost(counted)
            print(f"DynamoDB and SQS an order, {name}: {cost:.1f} micro-USD, "
                  f"{100 * cost / price('sms_us_part'):.2f} % of its SMS")


if __name__ == "__main__":
    unittest.main()
