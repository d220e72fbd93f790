#!/usr/bin/env python3
"""tools/scale_page.py [--check]: makes docs/scale.md and docs/figures/scale.svg: which of AWS's
quotas ends the growth where, and a simulation, second by second, of a day with a sale in its
busiest hour. With --check it only says whether the two are up to date."""

import bisect
import collections
import itertools
import json
import math
import pathlib
import random
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
CALLS = json.loads((ROOT / "docs/figures/aws_calls.json").read_text())["by_batch"]["10"]
STACK = json.loads((ROOT / "docs/figures/aws_stack.json").read_text())

# Orders by the hour, in parts of a day's; in the busiest hour a sale makes three of one.
PROFILE = (1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 5, 5, 5, 5, 6, 7, 8, 10, 7, 3, 1)
PEAK, SALE = 20, 3
# (orders a day, SMS parts a second that SNS permits)
RUNS = ((4_000, 1), (4_000, 20), (100_000, 3), (100_000, 20), (10_000_000, 20),
        (10_000_000, 300), (10_000_000, 600))
SENDERS, BATCH = STACK["sms_senders"], 10  # of the SMS queue, normal priority
SECONDS_A_BATCH = 0.25   # assumed: six calls one after the other
SPREAD = 11              # what the rate does not let go comes again within so many seconds
NOT_AFTER = 12 * 3600    # older ones go by e-mail
NOTE = 520               # octets that a batch's reservation takes in the budget's item


def poisson(rng, mean):
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    count, product, limit = 0, rng.random(), math.exp(-mean)
    while product > limit:
        count += 1
        product *= rng.random()
    return count


Run = collections.namedtuple("Run", "orders rate most wait drained late handed backlog peak")
AT_ONCE = 50.0  # a rate of leaving that leaves nothing


class Waiting:
    """Who waits for how long. What the rate does not let go is spread at random over the next
    seconds, so all that wait have the same chance to be next: of those who came at a second t,
    exp(left[t] - left[u]) are still there at u, `left` being the sum of the rates of leaving."""

    def __init__(self):
        self.arrived, self.left = [], []

    def second(self, arrived, leaving):
        before = self.left[-1] if self.left else 0.0
        self.arrived.append(arrived)
        self.left.append(before + (-math.log1p(-leaving) if leaving < 1 else AT_ONCE))

    def still(self, came, now):
        """How many of those who came at that second are there at the end of this one."""
        return self.arrived[came] * math.exp((self.left[came - 1] if came else 0.0)
                                             - self.left[now])

    def beyond(self, seconds):
        """Which part of all waits longer than this."""
        longer = sum(self.still(t, min(t + seconds, len(self.left) - 1))
                     for t in range(len(self.arrived)) if self.arrived[t])
        return longer / max(1, sum(self.arrived))

    def of_99_in_100(self):
        """Seconds that 99 of 100 wait at most."""
        return bisect.bisect_left(range(NOT_AFTER), True, key=lambda s: self.beyond(s) <= 0.01)


def simulate(orders, rate):
    """A day from midnight, and as long after as the backlog lasts, up to two days more."""
    rng = random.Random(1)
    hand_over = int(SENDERS * BATCH / SECONDS_A_BATCH)
    delayed = collections.Counter()    # what the rate did not let go: comes again at that second
    who = Waiting()
    waiting = visible = handed = late = sent = 0.0
    backlog, drained = [], None
    for t in itertools.count():
        if t >= 86_400 and (waiting < 1 or t >= 3 * 86_400):
            break
        hour = t // 3600
        share = PROFILE[hour] / sum(PROFILE) if hour < 24 else 0
        arrived = poisson(rng, orders * share / 3600 * (SALE if hour == PEAK else 1))
        waiting += arrived
        visible += arrived + delayed.pop(t, 0)
        taken = min(visible, hand_over)
        go = min(taken, rate, waiting)
        off = taken - go
        visible -= taken
        handed += taken
        for second in range(1, SPREAD + 1):
            delayed[t + second] += off / SPREAD
        who.second(arrived, go / waiting if go < waiting else 1)
        waiting -= go
        sent += go
        if t > NOT_AFTER:
            old = min(waiting, who.still(t - NOT_AFTER, t))
            late += old
            waiting -= old
            visible = max(0, visible - old)
        if t % 60 == 0:
            backlog.append(round(waiting))
        if hour > PEAK and drained is None and waiting <= rate:
            drained = t - (PEAK + 1) * 3600
    peak = orders * PROFILE[PEAK] / sum(PROFILE) / 3600 * SALE
    return Run(orders, rate, max(backlog), who.of_99_in_100(), drained, round(late),
               handed / max(sent, 1), backlog, peak)


def duration(seconds):
    if seconds is None:
        return "never"
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def budget_limit():
    """Orders a second at which the budget's item takes 1,000 write units: it is written when a
    batch reserves, when it closes, and when its receipts settle; what is open makes it longer."""
    for rate in itertools.count(10, 10):
        open_now = rate / BATCH * SECONDS_A_BATCH
        units = math.ceil((300 + NOTE * open_now) / 1024)
        if 3 * rate / BATCH * units > 1000:
            return rate


def quotas():
    writes = sum(CALLS["write_units"].values())
    # Each index has a throughput of its own.
    per_order = max(n for name, n in CALLS["write_units"].items()
                    if name == "log" or name.startswith("index"))
    return [
        ("SNS: SMS parts", "20 a second an account and region; a number of the US 1 or 3", 20,
         "Service Quotas (support case), a short code; `smsPartsPerSecond`"),
        ("SNS: money", "1 USD a month in a new account", None,
         "Service Quotas, \"SMS spend limit\", before the first deployment of prod"),
        ("SES", "200 mails a day in its sandbox; then 14 a second, not confirmed",
         round(14 / 0.05), "production access; the quota grows by itself"),
        ("DynamoDB: table on demand", "4,000 write units a second at first, twice the last peak "
         "after; not confirmed", round(4000 / per_order),
         "warm throughput of the log's table and its indexes before a sale"),
        ("DynamoDB: one item", "1,000 write units a second: the month's budget",
         budget_limit(), "a longer batch; a budget in parts (not built)"),
        ("Rate of all senders", "one item, compare and set: a hundred writes a second", 1000,
         "`smsPartsPerSecond` is at most 1,000"),
        ("Lambda: concurrency", "1,000 a region, 10 in some new accounts; not confirmed",
         int(SENDERS * BATCH / SECONDS_A_BATCH), "Service Quotas; maximum concurrency in "
         f"lib/functions.ts ({SENDERS} senders)"),
        ("SQS", "120,000 messages in flight, not confirmed; calls without limit", None,
         "nothing: at most 100 functions hold ten each"),
        ("CloudWatch Logs", "two subscriptions a group: two environments an account and region",
         None, "an account for each environment, or End User Messaging"),
    ], writes


def wrapped(text):
    """A paragraph as lines of the page."""
    return textwrap.wrap(text, 100, break_long_words=False, break_on_hyphens=False)


def quota_lines():
    rows, writes = quotas()
    return [
        "## What ends the growth", "",
        *wrapped(f"An order takes {sum(CALLS['calls'].values()):.1f} calls and {writes:.1f} write "
                 "units ([tests/aws/test_calls.py](../tests/aws/test_calls.py)). The first row "
                 "whose orders a second are below those of your busiest second is the one to "
                 "raise. The quotas are as of 24 November 2026; check those marked as not "
                 "confirmed in Service Quotas before relying on them."), "",
        "| quota | as it comes | orders a second | what to raise |", "|---|---|---:|---|",
        *(f"| {name} | {value} | {f'{rate:,}' if rate else ''} | {what} |"
          for name, value, rate, what in rows), ""]


def day_lines(runs):
    growth = 1 + (SALE - 1) * PROFILE[PEAK] / sum(PROFILE)
    return [
        "## A day with a sale", "",
        *wrapped("The table below is a simulation, second by second, of a day with a sale in its "
                 f"busiest hour. Orders come at random by a shop's day, in that hour {SALE} times "
                 f"as many as usual, so the day has {growth:.1f} times the orders named. "
                 f"{SENDERS} senders take batches of {BATCH}, each {SECONDS_A_BATCH} s (assumed). "
                 "A message that the rate does not let go comes again within "
                 f"{SPREAD} seconds, in no order. One that waits for more than five minutes is "
                 "offered by the sweeper, which is taken to be quick enough ([decision "
                 "23](decisions/0023-what-waits.md)). After "
                 f"{NOT_AFTER // 3600} hours a message goes by e-mail. High priority is not in it: "
                 "such a message waits two seconds at most ([decision "
                 "32](decisions/0032-urgent-ones-and-small-claims.md))."), "",
        "| orders a day | in the busiest second | parts a second permitted | longest backlog | "
        "99 of 100 wait at most | empty after the hour | too late for SMS | times handed over |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(f"| {r.orders:,} | {r.peak:,.1f} | {r.rate:,} | {r.most:,} | {duration(r.wait)} | "
          f"{duration(r.drained)} | {r.late:,} | {r.handed:,.1f} |" for r in runs), "",
        "![The backlog by the hour](figures/scale.svg)", "",
        *wrapped("A batch waits up to five seconds before all this: the window of the queues."), "",
        *wrapped("\"Times handed over\" is what a backlog costs: each time is a message of SQS and "
                 "a part of an invocation. It does not count as a receive, so nothing ends in the "
                 "dead letters."), "",
        *wrapped("Where the rate is below what comes in over a whole day, most of it goes by "
                 "e-mail: raise the rate before, not during, the sale."), ""]


def page(runs):
    return "\n".join([
        "# How far it goes on AWS", "",
        *wrapped("This page says which of AWS's quotas ends the growth of a shop first, and how "
                 "long messages wait on a day with a sale."), "",
        *wrapped("`tools/scale_page.py` makes this page; a test checks that it is up to date."), "",
        *quota_lines(), *day_lines(runs)])


def plot(runs):
    """The backlog by the hour, a panel for each size, a line for each rate."""
    width, height, left, top = 300, 170, 70, 40
    sizes = sorted({r.orders for r in runs})
    colours = ("#b4530a", "#1d6fb8", "#3d8b40")
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{(width + left + 20) * len(sizes)}" '
             f'height="{height + top + 60}" font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="white"/>']
    for column, size in enumerate(sizes):
        x0 = left + column * (width + left + 20)
        shown = [r for r in runs if r.orders == size]
        most = max(max(r.backlog) for r in shown) or 1
        hours = max(24, max(len(r.backlog) for r in shown) / 60)
        parts.append(f'<text x="{x0}" y="20" font-weight="bold">{size:,} orders a day</text>')
        parts.append(f'<path d="M{x0},{top} V{top + height} H{x0 + width}" fill="none" '
                     'stroke="#555"/>')
        for share in (0, 0.5, 1):
            y = top + height * (1 - share)
            parts.append(f'<text x="{x0 - 6}" y="{y + 4:.0f}" text-anchor="end">'
                         f'{most * share:,.0f}</text>')
        for tick in range(0, int(hours) + 1, 12 if hours > 36 else 6):
            x = x0 + width * tick / hours
            parts.append(f'<text x="{x:.0f}" y="{top + height + 18}" text-anchor="middle">'
                         f'{tick}</text>')
        parts.append(f'<text x="{x0 + width / 2:.0f}" y="{top + height + 36}" '
                     'text-anchor="middle">hours from midnight; messages that wait</text>')
        for number, r in enumerate(shown):
            step = max(1, len(r.backlog) // 300)
            points = " ".join(f"{x0 + width * i / 60 / hours:.1f},"
                              f"{top + height * (1 - r.backlog[i] / most):.1f}"
                              for i in range(0, len(r.backlog), step))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colours[number]}" '
                         'stroke-width="1.5"/>')
            parts.append(f'<text x="{x0 + 8}" y="{top + 14 + 16 * number}" '
                         f'fill="{colours[number]}">{r.rate:,} parts a second</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    runs = [simulate(*run) for run in RUNS]
    made = {ROOT / "docs/scale.md": page(runs), ROOT / "docs/figures/scale.svg": plot(runs)}
    for file, text in made.items():
        if sys.argv[1:] != ["--check"]:
            file.write_text(text)
        elif file.read_text() != text:
            sys.exit(f"docs/{file.name} is not up to date: run tools/scale_page.py")


if __name__ == "__main__":
    main()
