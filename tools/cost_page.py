#!/usr/bin/env python3
"""tools/cost_page.py [--check]: makes docs/cost.md from what tests/aws/test_calls.py counted
(docs/figures/aws_calls.json), from the original design's calls and from the price table. With
--check it only says whether the page is up to date."""

import json
import math
import pathlib
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIZES = (4_000, 100_000, 10_000_000)  # orders a day
DAYS = 30
SWEEPS = 60 * 24 * DAYS  # one a minute
GB = 1e9

# Not counted but assumed, and said so on the page.
MAILS = 0.05  # orders that end with an e-mail
MILLISECONDS = {"order-processor": 120, "sms-sender": 250, "delivery-tracker": 150,
                "email-fallback": 250, "sweeper": 400}
MEGABYTES = {"order-processor": 512, "sms-sender": 256, "delivery-tracker": 256,
             "email-fallback": 256, "sweeper": 256}
KEPT_DAYS = 30
POLLS = 4 * 5 * 3 * 60 * 24 * DAYS  # empty receives: four queues, five pollers, three a minute
RECEIPT_LOG, PLATFORM_LINES = 500, 450  # octets: SNS's line of an SMS; Lambda's of an invocation
MAIL_INVOCATIONS, MAIL_WRITE_UNITS = 3, 14  # of a batch, of an order that end with an e-mail
MAIL_REQUESTS = 3  # of a batch: the e-mail queue's
INTAKE = 1  # requests with which an order comes into the queue: one by one
LOGS_KEPT_MONTHS = 3  # prod's
TRACED = 0.05  # X-Ray's default rule: one request a second and five in a hundred of the others
WINDOW, LARGEST = 5, 10  # seconds that a batch gathers, and its most


def read(name):
    return json.loads((ROOT / "docs/figures" / name).read_text())


PRICES = read("aws_prices.json")
CALLS, ORIGINAL, STACK = read("aws_calls.json"), read("aws_original.json"), read("aws_stack.json")
ONES, TENS, SWEEP = CALLS["by_batch"]["1"], CALLS["by_batch"]["10"], CALLS["idle_sweep"]
SERVICES = {
    "DynamoDB": ("dynamodb_write_unit", "dynamodb_read_unit", "dynamodb_gb_month",
                 "dynamodb_backup_gb_month"),
    "SQS": ("sqs_request",),
    "Lambda": ("lambda_request", "lambda_gb_second_arm64", "lambda_gb_second_x86"),
    "Logs": ("logs_gb", "logs_gb_month"),
    "X-Ray": ("xray_trace",),
    "PutMetricData": ("put_metric_data",),
    "Metrics, alarms, dashboard": ("metric_month", "alarm_month", "dashboard_month",
                                   "kms_key_month"),
    "SES": ("ses_mail",)}


def usd(name, amount):
    return amount * PRICES["prices"][name]["usd_per_million"] / 1e6


def bill(used):
    """USD by service; `used`: by the name of a price, how many."""
    return {service: sum(usd(name, used.get(name, 0)) for name in names)
            for service, names in SERVICES.items()}


def total(figure):
    return sum(figure.values()) if isinstance(figure, dict) else figure


def mean_batch(orders):
    """What gathers while a batch waits for its window, at the month's mean."""
    return min(LARGEST, 1 + orders / DAYS / 86_400 * WINDOW)


def each(what, batch):
    """A counted figure of an order in batches of this size: a part for the order, and one for the
    batch that its orders share."""
    one, ten = total(ONES[what]), total(TENS[what])
    of_batch = (one - ten) / (1 - 1 / 10)
    return one - of_batch + of_batch / batch


def traces(invocations):
    """X-Ray's default rule: the first request of each second, and five in a hundred others."""
    seconds = DAYS * 86_400
    first = 1 - math.exp(-invocations / seconds)  # of the seconds that have any
    return seconds * first + TRACED * (invocations - seconds * first)


def gb_seconds(runs, milliseconds, megabytes):
    return sum(n * milliseconds[name] / 1000 * megabytes[name] / 1024 for name, n in runs.items())


def stored(octets, orders):
    gigabytes = octets * orders / DAYS * KEPT_DAYS / GB
    # An index with all attributes holds each item once more.
    return {"dynamodb_gb_month": 2 * gigabytes, "dynamodb_backup_gb_month": gigabytes}


def logs(octets):
    """As it comes in, and as it is kept; it is compressed there, by an unknown factor."""
    return {"logs_gb": octets / GB, "logs_gb_month": octets / GB * LOGS_KEPT_MONTHS}


def ours(orders):
    """What `orders` a month use."""
    batch = mean_batch(orders)
    mail_batches = MAILS * orders / mean_batch(MAILS * orders)
    runs = {name: orders / batch for name in TENS["invocations"]} | {
        "email-fallback": MAIL_INVOCATIONS * mail_batches, "sweeper": SWEEPS}
    invocations = sum(runs.values())
    return stored(each("stored_octets", batch), orders) | {
        "dynamodb_write_unit": (each("write_units", batch) + MAILS * MAIL_WRITE_UNITS) * orders,
        "dynamodb_read_unit": each("read_units", batch) * orders + SWEEP["read_units"] * SWEEPS,
        "sqs_request": (each("sqs_requests", batch) + INTAKE) * orders
        + MAIL_REQUESTS * mail_batches + POLLS,
        "lambda_request": invocations,
        "lambda_gb_second_arm64": gb_seconds(runs, MILLISECONDS, MEGABYTES),
        **logs((each("log_octets", batch) + RECEIPT_LOG) * orders + PLATFORM_LINES * invocations),
        "xray_trace": traces(invocations),
        "metric_month": STACK["metrics"], "alarm_month": STACK["alarm_metrics"],
        "dashboard_month": 1, "kms_key_month": STACK["keys"], "ses_mail": MAILS * orders}


def original(orders):
    batch = mean_batch(orders)
    sends = ORIGINAL["calls"]["SQS SendMessage"]
    batches = orders / batch
    runs = {name: batches for name in ORIGINAL["invocations"]}
    # It takes one message after the other: a smaller batch takes less time.
    milliseconds = {name: n * batch / 10 for name, n in ORIGINAL["milliseconds"].items()}
    invocations = sum(runs.values())
    return stored(ORIGINAL["stored_octets"], orders) | {
        "dynamodb_write_unit": total(ORIGINAL["write_units"]) * orders,
        "dynamodb_read_unit": ORIGINAL["read_units"] * orders,
        "sqs_request": (sends + INTAKE) * orders + 10 * (ORIGINAL["sqs_requests"] - sends) * batches
        + POLLS / 4,
        "lambda_request": invocations,
        "lambda_gb_second_x86": gb_seconds(runs, milliseconds, ORIGINAL["megabytes"]),
        **logs(ORIGINAL["log_octets"] * orders + PLATFORM_LINES * invocations),
        "xray_trace": traces(invocations),
        "put_metric_data": ORIGINAL["calls"]["CloudWatch PutMetricData"] * orders,
        "metric_month": ORIGINAL["metrics"], "alarm_month": ORIGINAL["alarms"],
        "dashboard_month": 1}


def money(amount):
    return f"{amount:,.2f}" if amount < 100 else f"{amount:,.0f}"


def table_of_size(orders_a_day):
    orders = orders_a_day * DAYS
    mine, theirs = bill(ours(orders)), bill(original(orders))
    sms = usd("sms_us_part", orders)
    lines = [f"## {orders_a_day:,} orders a day", "",
             f"In batches of {mean_batch(orders):.1f} at the mean.", "",
             "| USD a month | Postrider | original design |", "|---|---:|---:|"]
    lines += [f"| {service} | {money(mine[service])} | {money(theirs[service])} |"
              for service in mine]
    lines += [f"| **all but SMS** | **{money(sum(mine.values()))}** | "
              f"**{money(sum(theirs.values()))}** |",
              f"| an order, in millionths | {1e6 * sum(mine.values()) / orders:,.1f} | "
              f"{1e6 * sum(theirs.values()) / orders:,.1f} |",
              f"| SMS, one part each | {money(sms)} | {money(sms)} |",
              f"| all but SMS, of the SMS | {100 * sum(mine.values()) / sms:.2f} % | "
              f"{100 * sum(theirs.values()) / sms:.2f} % |", ""]
    return lines


def price_lines():
    lines = ["## Prices", "",
             *wrapped(f"{PRICES['region']}, as of {PRICES['date']}. {PRICES['note']}"), "",
             "| what | USD a million | source |", "|---|---:|---|"]
    for name, price in PRICES["prices"].items():
        note = f"; {price['note']}" if "note" in price else ""
        lines.append(f"| {name.replace('_', ' ')} | {price['usd_per_million']:,} | "
                     f"{price['source']}{note} |")
    return lines


def in_indexes(write_units):
    return sum(n for name, n in write_units.items() if name.startswith("index"))


def counted_lines():
    rows = [("calls to AWS", "calls"), ("DynamoDB write units", "write_units"),
            ("DynamoDB read units", "read_units"), ("SQS requests", "sqs_requests"),
            ("invocations", "invocations"), ("octets of log", "log_octets"),
            ("octets kept", "stored_octets")]
    return ["| an order | by ten | one by one | original design, by ten |",
            "|---|---:|---:|---:|"] + [
        f"| {name} | {total(TENS[key]):,.1f} | {total(ONES[key]):,.1f} | "
        f"{total(ORIGINAL[key]):,.1f} |" for name, key in rows] + [
        "| of the write units, in indexes | " + " | ".join(
            f"{in_indexes(of['write_units']):,.1f}" for of in (TENS, ONES, ORIGINAL)) + " |"]


def wrapped(text, indent=""):
    """A paragraph as lines of the page; `indent` is that of the lines after the first."""
    return textwrap.wrap(text, 100, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)


def opening_lines():
    return [
        "# What it costs on AWS", "",
        *wrapped("This page adds up what AWS bills for Postrider in a month, at three sizes of a "
                 "shop, beside the original design. SMS is nearly all of a bill, and its price is "
                 "the same whoever sends it: what saves money there is in [prices](prices.md)."),
        "",
        *wrapped("`tools/cost_page.py` makes this page; a test checks that it is up to date."), "",
        "## Counted", "",
        *wrapped("[tests/aws/test_calls.py](../tests/aws/test_calls.py) carries fifty orders from "
                 "intake to receipt and counts what they take: in batches of ten, and one by one, "
                 "as they come to a small shop. At each size below, a batch holds the orders that "
                 f"gather in its {WINDOW} seconds."), "",
        *wrapped("The original design has no tracking of deliveries, no fallback and no guard of "
                 "the money; its figures are read off its handlers. Postrider writes more to know "
                 "what became of every message: the records of that, and its customer index, which "
                 "holds all attributes and is written at each change of state."), "",
        *counted_lines(), ""]


def assumptions():
    times = ", ".join(f"{time} ms in the {name}" for name, time in MILLISECONDS.items())
    python = ", ".join(f"{time} ms in the {name}"
                       for name, time in ORIGINAL["milliseconds"].items())
    return [
        f"{100 * MAILS:.0f} of 100 orders end with an e-mail, which takes {MAIL_INVOCATIONS} "
        f"invocations and {MAIL_REQUESTS} requests to SQS a batch, and {MAIL_WRITE_UNITS} write "
        "units.",
        f"Everything is kept {KEPT_DAYS} days, logs {30 * LOGS_KEPT_MONTHS}.",
        "Orders come into the queue one by one, a request each. Events of EventBridge would cost "
        "their own price.",
        f"SNS's log line of an SMS has {RECEIPT_LOG} octets, Lambda's lines of an invocation "
        f"{PLATFORM_LINES}.",
        f"A batch, of one or of ten, takes {times}.",
        f"Ten messages take Python {python}.",
        f"Lambda asks its empty queues {POLLS // DAYS // 24 // 60} times a minute.",
        f"X-Ray samples one request a second and {100 * TRACED:.0f} in 100 of the others.",
        "Each metric that there can be is written in the month. Free tiers are left out."]


def page():
    lines = opening_lines() + ["Assumed, not counted:", ""]
    for assumption in assumptions():
        lines += wrapped("- " + assumption, "  ")
    lines.append("")
    for size in SIZES:
        lines += table_of_size(size)
    return "\n".join(lines + price_lines()) + "\n"


def main():
    file, text = ROOT / "docs/cost.md", page()
    if sys.argv[1:] != ["--check"]:
        file.write_text(text)
    elif file.read_text() != text:
        sys.exit("docs/cost.md is not up to date: run tools/cost_page.py")


if __name__ == "__main__":
    main()
