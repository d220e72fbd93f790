#!/usr/bin/env python3
"""tools/cost_page.py [--check]: makes docs/cost.md of what tests/aws/test_calls.py counted
(docs/figures/aws_calls.json), of the original design's calls and of the price table. With --check
it only says whether the page is what it would make."""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIZES = (4_000, 100_000, 10_000_000)  # orders a day
DAYS = 30
SWEEPS = 60 * 24 * DAYS  # one a minute
GB = 1e9

# Not counted but assumed, and said so on the page.
MAILS = 0.05  # orders that end with an e-mail
MILLISECONDS = {"order-processor": 120, "sms-sender": 250, "delivery-tracker": 150, "sweeper": 400}
MEGABYTES = {"order-processor": 512, "sms-sender": 256, "delivery-tracker": 256, "sweeper": 256}
KEPT_DAYS = 30
POLLS = 4 * 5 * 3 * 60 * 24 * DAYS  # empty receives: four queues, five pollers, three a minute
RECEIPT_LOG, PLATFORM_LINES = 500, 450  # octets: SNS's line of an SMS; Lambda's of an invocation
MAIL_INVOCATIONS, MAIL_WRITE_UNITS = 0.3, 14  # of an order that ends with an e-mail
TRACED = 0.05  # X-Ray's default rule: one request a second and five in a hundred


def read(name):
    return json.loads((ROOT / "docs/figures" / name).read_text())


PRICES = read("aws_prices.json")
OURS, ORIGINAL = read("aws_calls.json"), read("aws_original.json")


def usd(name, amount):
    return amount * PRICES["prices"][name]["usd_per_million"] / 1e6


def gb_seconds(figures, milliseconds, megabytes, orders):
    return sum(n * orders * milliseconds[name] / 1000 * megabytes[name] / 1024
               for name, n in figures["invocations"].items())


def ours(orders):
    """USD a month by service; `orders` a month."""
    sweep = OURS["idle_sweep"]
    fixed = read("aws_stack.json")
    invocations = (sum(OURS["invocations"].values()) + MAILS * MAIL_INVOCATIONS) * orders + SWEEPS
    memory = gb_seconds(OURS, MILLISECONDS, MEGABYTES, orders) + \
        SWEEPS * MILLISECONDS["sweeper"] / 1000 * MEGABYTES["sweeper"] / 1024
    stored = OURS["stored_octets"] * orders / DAYS * KEPT_DAYS / GB
    logged = (OURS["log_octets"] + RECEIPT_LOG) * orders + PLATFORM_LINES * invocations
    writes = sum(OURS["write_units"].values()) + MAILS * MAIL_WRITE_UNITS
    return {
        "DynamoDB": usd("dynamodb_write_unit", writes * orders)
        + usd("dynamodb_read_unit", OURS["read_units"] * orders + sweep["read_units"] * SWEEPS)
        # An index with all attributes holds each item once more.
        + usd("dynamodb_gb_month", 2 * stored) + usd("dynamodb_backup_gb_month", stored),
        "SQS": usd("sqs_request", OURS["sqs_requests"] * orders + POLLS),
        "Lambda": usd("lambda_request", invocations) + usd("lambda_gb_second_arm64", memory),
        "Logs": usd("logs_gb", logged / GB),
        "X-Ray": usd("xray_trace", TRACED * invocations),
        "Metrics, alarms, dashboard": usd("metric_month", fixed["metrics"])
        + usd("alarm_month", fixed["alarms"]) + usd("dashboard_month", 1)
        + usd("kms_key_month", fixed["keys"]),
        "SES": usd("ses_mail", MAILS * orders),
    }


def original(orders):
    stored = ORIGINAL["stored_octets"] * orders / DAYS * KEPT_DAYS / GB
    invocations = sum(ORIGINAL["invocations"].values()) * orders
    return {
        "DynamoDB": usd("dynamodb_write_unit", sum(ORIGINAL["write_units"].values()) * orders)
        + usd("dynamodb_read_unit", ORIGINAL["read_units"] * orders)
        + usd("dynamodb_gb_month", 2 * stored) + usd("dynamodb_backup_gb_month", stored),
        "SQS": usd("sqs_request", ORIGINAL["sqs_requests"] * orders + POLLS / 4),
        "Lambda": usd("lambda_request", invocations) + usd("lambda_gb_second_x86", gb_seconds(
            ORIGINAL, ORIGINAL["milliseconds"], ORIGINAL["megabytes"], orders)),
        "Logs": usd("logs_gb", (ORIGINAL["log_octets"] * orders + PLATFORM_LINES * invocations)
                    / GB),
        "X-Ray": usd("xray_trace", TRACED * invocations),
        "Metrics, alarms, dashboard": usd("put_metric_data",
                                          ORIGINAL["calls"]["CloudWatch PutMetricData"] * orders)
        + usd("metric_month", ORIGINAL["metrics"]) + usd("alarm_month", ORIGINAL["alarms"])
        + usd("dashboard_month", 1),
        "SES": 0.0,
    }


def money(amount):
    return f"{amount:,.2f}" if amount < 100 else f"{amount:,.0f}"


def table_of_size(orders_a_day):
    orders = orders_a_day * DAYS
    mine, theirs = ours(orders), original(orders)
    sms = usd("sms_us_part", orders)
    lines = [f"## {orders_a_day:,} orders a day", "",
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
    lines = ["## Prices", "", f"{PRICES['region']}, as of {PRICES['date']}. {PRICES['note']}", "",
             "| what | USD a million | source |", "|---|---:|---|"]
    for name, price in PRICES["prices"].items():
        note = f"; {price['note']}" if "note" in price else ""
        lines.append(f"| {name.replace('_', ' ')} | {price['usd_per_million']:,} | "
                     f"{price['source']}{note} |")
    return lines


def counted_lines():
    rows = [("calls to AWS", sum(OURS["calls"].values()), sum(ORIGINAL["calls"].values())),
            ("DynamoDB write units", sum(OURS["write_units"].values()),
             sum(ORIGINAL["write_units"].values())),
            ("of these in indexes", OURS["write_units"]["indexes"], 4),
            ("DynamoDB read units", OURS["read_units"], ORIGINAL["read_units"]),
            ("SQS requests", OURS["sqs_requests"], ORIGINAL["sqs_requests"]),
            ("invocations", sum(OURS["invocations"].values()),
             sum(ORIGINAL["invocations"].values())),
            ("octets of log", OURS["log_octets"], ORIGINAL["log_octets"]),
            ("octets kept", OURS["stored_octets"], ORIGINAL["stored_octets"])]
    return ["| an order | Postrider | original design |", "|---|---:|---:|"] + [
        f"| {name} | {mine:,.1f} | {theirs:,.1f} |" for name, mine, theirs in rows]


def page():
    lines = [
        "# What it costs on AWS", "",
        "Made by `tools/cost_page.py`; a test checks that it is up to date. SMS is nearly all of "
        "a bill, and its price",
        "is the same whoever sends it: what saves money there is in [prices](prices.md).", "",
        "## Counted", "",
        "`tests/aws/test_calls.py` carries fifty orders in batches of ten from intake to receipt "
        "and counts. The",
        "original design has no tracking of deliveries, no fallback and no guard of the money; "
        "its figures are read off",
        "its handlers. What Postrider writes beside, and what its customer index with all "
        "attributes costs at each",
        "change of state, is the price of knowing what became of every message.", "",
        *counted_lines(), "",
        "Assumed, not counted:", "",
        f"- {100 * MAILS:.0f} of 100 orders end with an e-mail, which takes {MAIL_INVOCATIONS} "
        f"invocations and {MAIL_WRITE_UNITS} write units; everything is kept {KEPT_DAYS} days.",
        f"- SNS's log line of an SMS has {RECEIPT_LOG} octets, Lambda's lines of an invocation "
        f"{PLATFORM_LINES}.",
        "- A batch takes " + ", ".join(f"{MILLISECONDS[name]} ms in the {name}"
                                       for name in MILLISECONDS) + ".",
        "- Ten messages take Python " + ", ".join(
            f"{v} ms in the {k}" for k, v in ORIGINAL["milliseconds"].items()) + ".",
        f"- Lambda asks its empty queues {POLLS // DAYS // 24 // 60} times a minute; X-Ray samples "
        f"{100 * TRACED:.0f} of 100 invocations.",
        "- Each metric that there can be is written in the month. Free tiers are left out.", ""]
    for size in SIZES:
        lines += table_of_size(size)
    return "\n".join(lines + price_lines()) + "\n"


def main():
    file, text = ROOT / "docs/cost.md", page()
    if sys.argv[1:] != ["--check"]:
        file.write_text(text)
    elif file.read_text() != text:
        sys.exit("docs/cost.md is not what tools/cost_page.py makes: run it")


if __name__ == "__main__":
    main()
