"""What a shop decides in its three files reaches the functions and the commands with --aws."""

import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

from proxy import Proxy
from ses_local import SesLocal
from stack import Stack, order

PRICES = """
date = "2026-11-01"
source = "contract"
[[price]]
country = "JP"
per_part = 0.09
[[price]]
country = "US"
per_part = 0.01
[[price]]
country = "DE"
carrier = "sns"
per_part = "0.08"
[[price]]
country = "DE"
carrier = "http"
per_part = "0.5"
"""
TEXTS = """
[de.shipped]
sms = "Bestellung {order_id} ist unterwegs"
[en.review]
sms = "How was order {order_id}?"
"""
PHONES = {"US": "+14255551001", "JP": "+819012345678", "DE": "+4915112345678",
          "GB": "+447911123456"}


class Publishes(Proxy):
    """A proxy that keeps what is published, by phone."""

    def __init__(self, behind_port):
        super().__init__(behind_port)
        self.sent = {}

    def serve(self, handler, body):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        if form.get("Action") == "Publish":
            attributes = {form[key]: form[key.replace(".Name", ".Value.StringValue")]
                          for key in form if key.endswith(".Name")}
            self.sent.setdefault(form["PhoneNumber"], []).append(
                attributes | {"Message": form["Message"]})
        self.answer(handler, *self.pass_on(handler, body))


class ShopSettings(unittest.TestCase):
    def stack(self, settings="", prices=PRICES, texts=TEXTS, **variables):
        """A stack whose functions read these files."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        shop = pathlib.Path(folder.name)
        (shop / "postrider.toml").write_text(
            'sms.prices = "prices.toml"\nshop.templates = "texts.toml"\n'
            'email.from = "Laden <orders@example.com>"\n' + settings)
        (shop / "prices.toml").write_text(prices)
        (shop / "texts.toml").write_text(texts)
        stack = Stack(**variables)
        self.addCleanup(stack.__exit__)
        stack.__enter__().take_shop(shop)
        self.sns = Publishes(stack.aws.port)
        self.addCleanup(self.sns.__exit__)
        stack.environment["AWS_ENDPOINT_URL_SNS"] = self.sns.__enter__().url
        return stack

    def send(self, stack, *orders):
        """Takes the orders and sends what is due; the records by order."""
        stack.put_orders(orders)
        stack.drain(stack.orders, "order-processor")
        stack.drain(stack.sms, "sms-sender")
        return {n["order_id"]["S"]: n for n in stack.notifications()}

    @staticmethod
    def to(number, country, status="shipped", **more):
        contact = {"phone": PHONES[country], "email": f"c{number}@example.com"}
        return order(number, status, contact=contact | more.pop("contact", {}), **more)

    def test_texts_sender_and_listed_prices(self):
        stack = self.stack('shop.name = "Laden"\nsms.sender_id = "Laden"\n'
                           'sms.promotional = "review"\n')
        self.send(stack, self.to(1, "US"), self.to(2, "JP"),
                  self.to(3, "DE", contact={"locale": "de"}), self.to(4, "US", "review"))
        german, = self.sns.sent[PHONES["DE"]]
        self.assertEqual(german["Message"], "Laden: Bestellung o3 ist unterwegs")
        self.assertEqual(german["AWS.SNS.SMS.MaxPrice"], "0.08000", "the row of SNS, not of http")
        self.assertEqual(german["AWS.SNS.SMS.SenderID"], "Laden")
        japanese, = self.sns.sent[PHONES["JP"]]
        self.assertEqual(japanese["AWS.SNS.SMS.MaxPrice"], "0.09000")
        types = {sent["Message"]: sent["AWS.SNS.SMS.SMSType"]
                 for sent in self.sns.sent[PHONES["US"]]}
        self.assertEqual(types["Laden: How was order o4?"], "Promotional")
        self.assertEqual(sorted(types.values()), ["Promotional", "Transactional"])

    def reasons(self, settings, *orders, **more):
        records = self.send(self.stack(settings, **more), *orders)
        return {number: record.get("reason", {}).get("S", "") for number, record in records.items()}

    def test_which_countries_get_sms_and_at_which_price(self):
        everywhere = [self.to(1, "US"), self.to(2, "JP"), self.to(3, "GB")]
        self.assertEqual(self.reasons("", *everywhere),
                         {"o1": "", "o2": "", "o3": "price_unknown"})
        self.assertEqual(self.reasons('sms.unlisted = "worst_case"\nsms.price_per_part = 0.5\n',
                                      *everywhere), {"o1": "", "o2": "", "o3": ""})
        self.assertEqual(self.sns.sent[PHONES["GB"]][0]["AWS.SNS.SMS.MaxPrice"], "0.50000")
        self.assertEqual(self.reasons('sms.countries = "JP"\n', *everywhere),
                         {"o1": "country_not_allowed", "o2": "", "o3": "country_not_allowed"})
        self.assertEqual(set(self.reasons('sms.countries = ""\n', *everywhere).values()),
                         {"country_not_allowed"}, "an empty list is no country")
        self.assertEqual(self.reasons("sms.max_price = 0.05\n", *everywhere),
                         {"o1": "", "o2": "too_dear", "o3": "price_unknown"})

    def test_limits_of_money_and_of_numbers(self):
        two = [self.to(1, "US"), self.to(2, "US")]
        for settings, reason in (("sms.daily_limit = 0.015\n", "no_money_today"),
                                 ("sms.monthly_limit = 0.015\n", "no_money"),
                                 ("sms.per_number = 1\n", "too_many_to_number"),
                                 ("sms.per_prefix = 1\n", "too_many_to_prefix"),
                                 ("sms.per_country = 1\n", "too_many_to_country")):
            with self.subTest(settings):
                self.assertEqual(sorted(self.reasons(settings, *two).values()), ["", reason])
        self.assertEqual(self.reasons("", *two), {"o1": "", "o2": ""})

    def test_the_file_wins_over_the_variables(self):
        two = [self.to(1, "US"), self.to(2, "US")]
        self.assertEqual(sorted(self.reasons("", *two, SMS_SPENDING_LIMIT="0.015").values()),
                         ["", "no_money"], "a variable is a default")
        self.assertEqual(set(self.reasons("sms.monthly_limit = 50\n", *two,
                                          SMS_SPENDING_LIMIT="0.015").values()), {""})

    def test_times(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        records = self.send(
            self.stack('sms.not_after = "2h"\nsms.receipt_wait = "7m"\nretention = "3d"\n'
                       f'sms.quiet_hours = "{now - hour:%H:%M}-{now + 2 * hour:%H:%M}"\n'),
            self.to(1, "US", contact={"time_zone": "UTC"}),
            self.to(2, "US", contact={"time_zone": "Asia/Tokyo"}))
        self.assertEqual({n: r["state"]["S"] for n, r in records.items()},
                         {"o1": "deferred", "o2": "sms_sent"}, "night here, day there")
        sent = records["o2"]
        wait = int(sent["due_at"]["N"]) - int(sent["attempt_1"]["M"]["at"]["N"])
        self.assertEqual(wait, 7 * 60 * 1000)
        hours = (int(sent["not_after"]["N"]) - int(sent["created_at"]["N"])) / 3_600_000
        self.assertEqual(hours, 2)

    def test_the_mail_of_the_fallback(self):
        stack = self.stack('sms.countries = ""\nshop.name = "Laden"\n'
                           'shop.tracking_link = "https://laden.example/t/{order_id}"\n'
                           'email.unsubscribe_url = "https://laden.example/bye"\n')
        ses = SesLocal()
        self.addCleanup(ses.__exit__)
        stack.environment["AWS_ENDPOINT_URL_SESV2"] = ses.__enter__().url
        event = self.to(1, "US", "confirmed")
        del event["tracking_url"]
        self.send(stack, event)
        stack.drain(stack.email, "email-fallback")
        mail, = ses.mails()
        text = json.dumps(mail)
        self.assertEqual(mail["from"], "Laden <orders@example.com>")
        self.assertIn("https://laden.example/t/o1", text)
        self.assertIn("https://laden.example/bye", text)

    def test_a_mistake_in_a_file_is_told_with_its_line(self):
        for settings, name, where in (("sms.tries = 'x'\n", "sms-sender", "postrider.toml:4: "),
                                      ('shop.locale = "german"\n', "order-processor",
                                       "postrider.toml:4: shop.locale"),
                                      ("listen = '0.0.0.0:1'\n", "sweeper", "one machine alone")):
            function = self.stack(settings).function(name)
            function.process.wait(10)
            self.assertIn(where, function.failed_start["errorMessage"])

    def command(self, stack, *words, status=0):
        done = subprocess.run([os.path.join(os.environ["FUNCTIONS"], "postrider"), *words],
                              env=stack.environment, capture_output=True, text=True, check=False,
                              timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def test_commands_use_what_is_deployed(self):
        stack = self.stack('shop.name = "Laden"\nsms.monthly_limit = 77\nsms.currency = "EUR"\n'
                           'shop.region = "DE"\nshop.id = "laden"\n')
        name = stack.deploy_outputs()
        # What lies on this machine says nothing about the stack.
        stack.environment["POSTRIDER_CONFIG"] = "/nowhere/else.toml"
        preview = json.loads(self.command(stack, "preview", "--status", "shipped", "--locale", "de",
                                          "--country", "DE", "--aws", name, "--json").stdout)
        self.assertTrue(preview["sms"]["text"].startswith("Laden: Bestellung"), preview)
        self.assertEqual((preview["sms"]["price"], preview["sms"]["currency"]), ("0.08", "EUR"))
        cost = json.loads(self.command(stack, "report", "cost", "--aws", name, "--json").stdout)
        self.assertEqual((cost["limit"], cost["currency"]), ("77.00", "EUR"))

        folder = pathlib.Path(tempfile.mkdtemp())
        customers = folder / "customers.csv"
        customers.write_text("id,phone,email\nc1,01511 2345678,c1@example.com\n"
                             "c2,,c2@example.com\n")
        self.command(stack, "customers", "import", customers, "--aws", name)
        shown = json.loads(self.command(stack, "customers", "show", "c1", "--aws", name,
                                        "--json").stdout)
        self.assertEqual(shown["e164"], "+4915112345678", "a German number, as the stack says")
        orders = folder / "orders.ndjson"
        orders.write_text("".join(
            json.dumps({"order_id": f"i{i}", "customer_id": f"c{1 + i % 2}", "status": "shipped"})
            + "\n" for i in range(700)) + '{"order_id": 1}\n')
        done = self.command(stack, "import", orders, "--aws", name, status=1)
        self.assertIn("700 accepted", done.stdout)
        done = self.command(stack, "import", orders, "--aws", name, status=1)
        self.assertIn("700 duplicates", done.stdout, "a second time sends nothing")
        self.assertEqual(len(stack.notifications()), 700)
        self.assertEqual({n["shop"]["S"] for n in stack.notifications()}, {"laden"})

    def test_an_import_into_a_stack_in_test_mode_reaches_nobody(self):
        stack = self.stack(TEST_MODE="true")
        name = stack.deploy_outputs(TEST_MODE="true")
        file = pathlib.Path(tempfile.mkdtemp()) / "o.ndjson"
        file.write_text(json.dumps(self.to(1, "US")) + "\n")
        self.command(stack, "import", file, "--aws", name)
        self.assertEqual([n["mode"]["S"] for n in stack.notifications()], ["test"])

    def test_a_stack_of_before_has_variables_and_no_files(self):
        stack = self.stack()
        stack.shop = None
        name = stack.deploy_outputs(SMS_SPENDING_LIMIT="20", SHOP_NAME="Alt", RETENTION_DAYS="7")
        cost = json.loads(self.command(stack, "report", "cost", "--aws", name, "--json").stdout)
        self.assertEqual(cost["limit"], "20.00")
        preview = self.command(stack, "preview", "--status", "shipped", "--aws", name).stdout
        self.assertIn("Alt: ", preview)

    def test_one_key_in_one_file_changes_both_homes(self):
        reasons = {}
        for countries in ("US", "JP"):
            stack = self.stack(f'sms.countries = "{countries}"\n')
            event = self.to(1, "US")
            record, = self.send(stack, event).values()
            functions = record.get("reason", {}).get("S", "")
            folder = pathlib.Path(tempfile.mkdtemp())
            (folder / "o.ndjson").write_text(json.dumps(event) + "\n")
            here = ("--data", folder / "data", "--config", stack.shop / "postrider.toml")
            self.command(stack, "import", folder / "o.ndjson", *here)
            listed = json.loads(self.command(stack, "notifications", "list", *here,
                                             "--json").stdout)["notifications"]
            machine = self.command(stack, "notifications", "show", listed[0]["id"], *here, "--json")
            reasons[countries] = functions, json.loads(machine.stdout)["reason"] or ""
        self.assertEqual(reasons, {"US": ("", ""), "JP": ("country_not_allowed",
                                                          "country_not_allowed")})

    def test_no_option_is_without_effect(self):
        stack = self.stack()
        name = stack.deploy_outputs()
        file = str(stack.shop / "postrider.toml")
        del stack.environment["POSTRIDER_CONFIG"]
        for words, why in (
                (("report", "cost", "--aws", name, "--set", "sms.currency=EUR"),
                 "--set: with --aws"),
                (("dead-letters", "list", "--aws", name, "--config", file), "--config: with --aws"),
                (("opt-outs", "list", "--aws", name, "--key-file", file), "--key-file"),
                (("notifications", "list", "--aws", name, "--data", "x"), "choose one"),
                (("preview", "--status", "shipped", "--aws", name, "--set", "shop.name=x"),
                 "--set: with --aws"),
                (("preview", "--status", "shipped", "--key-file", file), "add --server"),
                (("customers", "show", "c1", "--set", "shop.region=DE"), "add --data"),
                (("import", file, "--config", file), "add --data"),
                (("import", file, "--aws", ""), "the stack has no name"),
                (("notifications", "list", "--aws", ""), "the stack has no name"),
                (("preview", "--status", "shipped", "--aws", ""), "the stack has no name")):
            # Variables are for other commands, and never make an option unseen.
            for variables in ({}, {"POSTRIDER_CONFIG": "/nowhere", "POSTRIDER_SERVER": "http://h"}):
                stack.environment |= variables
                done = self.command(stack, *words, status=2)
                self.assertIn(why, done.stderr, words)
            for variable in variables:
                del stack.environment[variable]

    def test_a_key_of_a_newer_version_stops_no_function(self):
        stack = self.stack("sms.future = 1\n")
        self.send(stack, self.to(1, "US"))
        self.assertEqual(stack.states(), {"sms_sent": 1})
        self.assertIn("sms.future", [line for line in stack.function("sms-sender").lines
                                     if "setting_unknown" in line][0])

    def test_no_settings_of_a_stack_stay_on_the_disk(self):
        stack = self.stack()
        name = stack.deploy_outputs()
        with tempfile.TemporaryDirectory() as folder:
            stack.environment["TMPDIR"] = folder
            self.command(stack, "opt-outs", "list", "--aws", name)
            self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
