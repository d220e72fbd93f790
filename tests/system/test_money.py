"""Prices before sending, limits while sending, reports afterwards: the real binary."""

import csv
import datetime
import io
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest

from postrider import BINARY, ServiceCase, event, request, wait_until

PRICES = """date = "2026-11-01"
source = "our contract"
[[price]]
country = "DE"
per_part = "0.0743"
[[price]]
country = "US"
per_part = "0.0065"
fee = "0.003"
"""
AMERICAN = "+14254147755"  # AWS's public simulator number: always delivered


class Money(ServiceCase):

    def setUp(self):
        super().setUp()
        self.prices = os.path.join(self.folder, "prices.toml")
        with open(self.prices, "w", encoding="utf-8") as file:
            file.write(PRICES)

    def preview(self, *words, status=0):
        done = subprocess.run(
            [BINARY, "preview", *words], capture_output=True, text=True, timeout=20, check=False
        )
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout if status == 0 else done.stderr

    def test_a_preview_needs_no_service(self):
        shown = self.preview("--status", "shipped", "--locale", "pl", "--country", "PL")
        self.assertIn("encoding   GSM-7", shown)
        self.assertIn("in 1 segment", shown)
        self.assertIn("0.05 USD at most to PL", shown)
        self.assertIn("ó → o", shown)
        self.assertIn("Zamówienie", shown.split("E-mail")[1])

    def test_a_preview_has_the_prices_of_the_list(self):
        listed = ("--status", "shipped", "--set", f"sms.prices={self.prices}")
        result = json.loads(self.preview(*listed, "--country", "US", "--json"))
        self.assertEqual(result["sms"]["price_per_part"], "0.0095")
        self.assertEqual(result["sms"]["price_source"], "our contract")
        self.assertIn("no SMS is sent there", self.preview(*listed, "--country", "FR"))
        narrow = self.preview(*listed, "--country", "US", "--set", "sms.countries=DE, AT")
        self.assertIn("none is sent: country_not_allowed", narrow)

    def test_a_preview_takes_values_and_says_which_one_is_missing(self):
        texts = os.path.join(self.folder, "texts.toml")
        with open(texts, "w", encoding="utf-8") as file:
            file.write('[samples]\nday = "Wednesday"\n[en.shipped]\nsms = "It comes on {day}."\n')
        own = ("--status", "shipped", "--set", f"shop.templates={texts}")
        self.assertIn("It comes on Friday.", self.preview(*own, "--data", "day=Friday"))
        self.assertIn('"day"', self.preview(*own, status=1))
        self.assertIn("name=value", self.preview(*own, "--data", "day", status=2))

    def test_the_service_answers_the_same(self):
        service = self.start(f"sms.prices={self.prices}")
        asked = {"status": "shipped", "locale": "de", "country": "DE"}
        status, there = request(service.port, "POST", "/v1/preview", asked)
        self.assertEqual(status, 200)
        here = self.preview(
            *("--status", "shipped", "--locale", "de", "--country", "DE", "--json"),
            *("--set", f"sms.prices={self.prices}"),
        )
        self.assertEqual(json.loads(here), there)
        asked_there = self.preview(
            *("--status", "shipped", "--locale", "de", "--country", "DE", "--json"),
            *("--server", f"http://127.0.0.1:{service.port}"),
        )
        self.assertEqual(json.loads(asked_there), there)
        status, listed = request(service.port, "GET", "/v1/templates")
        self.assertIn(there["template"], [t["version"] for t in listed["templates"]])
        for bad in (
            {"locale": "de"},
            {"status": "x", "country": "Nowhere"},
            {"status": 1},
            [],
            '{"status":"x","data":' + "[" * 100_000,
            '{"status":"x","data":' + '{"a":' * 30_000 + "1" + "}" * 30_001,
        ):
            status, problem = request(service.port, "POST", "/v1/preview", bad)
            self.assertIn(status, (400, 422), str(bad)[:60])
            self.assertTrue(problem["hint"])

    def test_a_month_is_added_up_and_forecast(self):
        service = self.start(f"sms.prices={self.prices}", "shop.name=Baker’s Corner")
        self.customer(service, "german")
        self.customer(service, "american", phone=AMERICAN)
        self.customer(service, "french", phone="+33612345678")
        sent = [
            self.send(service, event(f"{name}-{i}", "shipped", name))
            for name, orders in (("german", 2), ("american", 1), ("french", 1))
            for i in range(orders)
        ]
        ids = {answer["notification_id"] for answer in sent}
        by_country = {}
        for one in ids:
            country = self.record(service, one)["country"]
            end = "emailed" if country == "FR" else "delivered"
            by_country.setdefault(country, []).append(self.end_state(service, one, end))
        self.assertEqual({r["spent"] for r in by_country["DE"]}, {"0.0743"})
        self.assertEqual(by_country["FR"][0]["reason"], "price_unknown")
        where = ("--server", f"http://127.0.0.1:{service.port}")
        result = json.loads(self.run_command("report", "cost", *where, "--format", "json").stdout)
        self.assertEqual(
            {g["country"]: (g["messages"], g["spent"]) for g in result["groups"]},
            {"DE": (2, "0.1486"), "US": (1, "0.0095")},
        )
        self.assertEqual(result["total"]["spent"], "0.1581")
        self.assertFalse(result["complete"])
        self.assertGreaterEqual(float(result["forecast"]), 0.1581)
        for by in ("status", "carrier", "day"):
            text = self.run_command("report", "cost", *where, "--by", by, "--format", "csv").stdout
            rows = list(csv.DictReader(io.StringIO(text)))
            self.assertEqual([r["spent"] for r in rows], ["0.1581"], by)
        table = self.run_command("report", "cost", *where).stdout
        self.assertIn("forecast for the month", table)
        again = json.loads(self.run_command("report", "cost", "--data", self.data, "--json").stdout)
        self.assertEqual(again["total"], result["total"])
        empty = self.run_command("report", "cost", *where, "--month", "2020-01", "--json").stdout
        self.assertEqual(json.loads(empty)["total"]["messages"], 0)
        self.run_command("report", "cost", *where, "--month", "2026-13", status=1)
        self.run_command("verify", "--data", self.data)

    def test_what_has_expired_stays_in_the_report(self):
        service = self.start("retention=1h", "sweep.every=100ms")
        self.customer(service)
        answer = self.send(service, event("o1"))
        self.end_state(service, answer["notification_id"], "delivered")
        service.stop()
        # As if it had been sent two hours ago.
        with sqlite3.connect(os.path.join(self.data, "postrider.db")) as database:
            database.execute("UPDATE contents SET created_at = created_at - 7200000")
        service = self.start("retention=1h", "sweep.every=100ms")

        def gone():
            path = f"/v1/notifications/{answer['notification_id']}"
            return request(service.port, "GET", path)[0] == 404

        wait_until(gone, what="the notification to expire")
        _, result = request(service.port, "GET", "/v1/reports/cost?by=status")
        costs = [(g["status"], g["spent"]) for g in result["groups"]]
        self.assertEqual(costs, [("confirmed", "0.05")])
        service.stop()
        self.run_command("verify", "--data", self.data)

    def test_a_day_has_a_limit_of_its_own(self):
        service = self.start("sms.daily_limit=0.10")
        self.customer(service)
        sent = [self.send(service, event(f"o{i}")) for i in range(3)]
        for answer in sent:
            wait_until(
                lambda answer=answer: self.record(service, answer["notification_id"])["state"]
                in ("delivered", "emailed"),
                what="the end",
            )
        records = [self.record(service, answer["notification_id"]) for answer in sent]
        self.assertEqual(sorted(r["state"] for r in records), ["delivered", "delivered", "emailed"])
        self.assertEqual([r["reason"] for r in records if r["reason"]], ["no_money_today"])
        with open(os.path.join(self.folder, "service-0.log"), "rb") as log:
            self.assertIn(b"daily_limit_reached", log.read())

    def test_the_night_of_the_customer_is_quiet(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        begin, end = (now + datetime.timedelta(hours=h) for h in (-2, 2))
        service = self.start(f"sms.quiet_hours={begin:%H:%M}-{end:%H:%M}")
        self.customer(service, "here", time_zone="Etc/UTC")
        self.customer(service, "far", time_zone="Etc/GMT-9")
        asleep = self.send(service, event("o1", "confirmed", "here"))
        awake = self.send(service, event("o2", "confirmed", "far"))
        urgent = self.send(service, event("o1", "cancelled", "here"))
        self.end_state(service, awake["notification_id"], "delivered")
        self.end_state(service, urgent["notification_id"], "delivered")
        waits = self.record(service, asleep["notification_id"])
        self.assertEqual(waits["state"], "deferred")
        self.assertEqual(waits["history"][0]["cause"], "quiet_hours")
        due = datetime.datetime.fromisoformat(waits["due_at"].replace("Z", "+00:00"))
        self.assertLess(abs(due - end), datetime.timedelta(minutes=1, seconds=1))

    def test_too_many_to_one_number_go_by_email(self):
        service = self.start("sms.per_number=2", "sms.workers=1")
        sent = []
        for name in ("c1", "c2", "c3"):  # three accounts, one phone
            self.customer(service, name)
            sent.append(self.send(service, event(f"o-{name}", "confirmed", name)))
        ends = [
            wait_until(
                lambda answer=answer: (r := self.record(service, answer["notification_id"]))
                and r["state"] in ("delivered", "emailed")
                and r,
                what="the end",
            )
            for answer in sent
        ]
        self.assertEqual(sorted(r["state"] for r in ends), ["delivered", "delivered", "emailed"])
        self.assertEqual({r["reason"] for r in ends}, {None, "too_many_to_number"})

    def test_the_doctor_reads_the_prices(self):
        def finding(*settings):
            sets = [part for s in settings for part in ("--set", s)]
            done = self.run_command("doctor", "--data", self.data, "--json", *sets, status=None)
            checks = json.loads(done.stdout)["checks"]
            first = next(c for c in checks if c["name"] in ("prices", "configuration")
                         and (c["name"] == "prices" or c["status"] == "fail"))
            return first["status"], first["finding"]

        self.assertEqual(finding()[0], "ok")
        self.assertEqual(
            finding(f"sms.prices={self.prices}"), ("ok", "2 prices, the newest of 2026-11-01")
        )
        self.assertEqual(finding("sms.countries=")[0], "warn")
        status, text = finding("sms.monthly_limit=0.04")
        self.assertEqual(status, "fail")
        self.assertIn("sms.monthly_limit is 0.04, less than one part costs (0.05)", text)
        with open(self.prices, "w", encoding="utf-8") as file:
            file.write(PRICES.replace("2026-11-01", "2019-01-01"))
        self.assertEqual(finding(f"sms.prices={self.prices}")[0], "warn")

    def test_the_lists_that_come_along_are_read(self):
        root = pathlib.Path(__file__).parents[2]
        lists = [root / "examples/prices.toml", *root.glob("infra/settings/*/prices.toml")]
        self.assertGreaterEqual(len(lists), 4)
        for prices in lists:
            done = self.run_command("preview", "--status", "shipped", "--country", "JP", "--json",
                                    "--home", "aws", "--set", f"sms.prices={prices}", "--set",
                                    "sms.carrier=end_user_messaging", "--set",
                                    "sms.origination_identity=pool-1", "--set",
                                    "email.from=a@shop.example")
            sms = json.loads(done.stdout)["sms"]
            self.assertGreater(float(sms["price_per_part"]), 0.05, prices)
            self.assertTrue(sms["price_date"] and sms["price_source"], prices)

    def test_a_price_that_is_old_is_told(self):
        day = datetime.date.today() - datetime.timedelta(days=100)
        with open(self.prices, "w", encoding="utf-8") as file:
            file.write(PRICES.replace("2026-11-01", str(day)))
        for age, words in (("99d", "warn"), ("101d", "ok")):
            done = self.run_command("doctor", "--data", self.data, "--json", "--set",
                                    f"sms.prices={self.prices}", "--set", f"prices.max_age={age}",
                                    status=None)
            check = next(c for c in json.loads(done.stdout)["checks"] if c["name"] == "prices")
            self.assertEqual(check["status"], words, check)

    def test_a_bad_list_keeps_the_service_from_starting(self):
        with open(self.prices, "a", encoding="utf-8") as file:
            file.write('[[price]]\ncountry = "Germany"\nper_part = "0.07"\n')
        done = subprocess.run(
            [BINARY, "serve", "--data", self.data, "--set", f"sms.prices={self.prices}"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn('prices.toml:11: country = "Germany" is no two-letter country', done.stderr)


if __name__ == "__main__":
    unittest.main()
