"""The synthesised stack, deployed on moto: the pipeline runs on the deployed resources, each
function under its own role, which allows the function's calls and nothing else."""

import json
import os
import subprocess
import unittest

from day import PARTS, Day, failure
from deployment import LEFT_OUT, NOWHERE_IN_MOTO, UNKNOWN_TO_MOTO, Deployment, known_to_moto
from iam import covers, grants, many, without
from stack import order
from template import of_type, synthesised


def pair_of(grant, statement):
    """A statement of one action on one resource."""
    _, action, resource = grant
    return {"Action": action, "Resource" if "Resource" in statement else "NotResource": resource}


def used_by(proxy, grant, statement):
    """True where a call needed this pair of an action and a resource."""
    alone = pair_of(grant, statement)
    return any(covers(alone, *pair) for pair in proxy.used)


def sent(form):
    """A message to SNS: its text, and its attributes by the last word of their names."""
    names = {key.removesuffix(".Name"): value.rsplit(".", 1)[-1] for key, value in form.items()
             if key.endswith(".Name")}
    return form["Message"], {name: form[entry + ".Value.StringValue"]
                             for entry, name in names.items()}


class DeploymentTest(unittest.TestCase):
    made = {}  # one deployment of an environment for all tests

    def deployment(self, environment):
        if environment not in self.made:
            made = Deployment(environment).__enter__()
            self.made[environment] = made
            self.addClassCleanup(made.__exit__)
        self.addCleanup(self.made[environment].forget)
        return self.made[environment]

    def test_a_day_on_what_the_template_made_with_nothing_denied_and_nothing_superfluous(self):
        deployment = self.deployment("test")
        Day(deployment).live()
        for name, proxy in deployment.proxies.items():
            self.assertEqual(proxy.denied, [], name)
            statements = deployment.policies[name]["calls"]
            superfluous = [grant[1:] for grant in grants(statements)
                           if not used_by(proxy, grant, statements[grant[0]])]
            self.assertEqual(superfluous, [], name)

    def test_with_one_permission_less_the_day_fails(self):
        deployment = self.deployment("test")
        for name in PARTS:
            statements = deployment.policies[name]["calls"]
            self.assertIsNone(failure(deployment, name), f"{name} with all that it has")
            deployment.forget()
            for grant in grants(statements):
                with self.subTest(function=name, grant=grant[1:]):
                    deployment.less = {name: without(statements, grant)}
                    why = failure(deployment, name)
                    self.assertIsNotNone(why)
                    alone = pair_of(grant, statements[grant[0]])
                    self.assertTrue(any(covers(alone, *denied)
                                        for denied in deployment.proxies[name].denied), why)
                deployment.less = {}
                deployment.forget()

    def test_what_the_shops_files_say_reaches_the_functions(self):
        deployment = self.deployment("test")
        german, japanese, italian = "+4915123456789", "+819012345678", "+393123456789"
        deployment.put_orders([
            order(1, locale="de", contact={"phone": german}, tracking_url=None),
            order(2, status="review", locale="ja", contact={"phone": japanese}),
            order(3, contact={"phone": italian, "email": "c3@example.com"})])
        deployment.drain(deployment.orders, "order-processor")
        deployment.drain(deployment.sms, "sms-sender")
        messages = {form["PhoneNumber"]: sent(form)
                    for form, _ in deployment.proxies["sms-sender"].published}
        self.assertEqual(set(messages), {german, japanese})
        text, attributes = messages[german]
        self.assertEqual(text, "Shop: Schön, dass Sie da sind: Bestellung o1 ist bestätigt. "
                               "https://shop.example/t/o1")
        self.assertEqual(attributes, {"SenderID": "Shop", "SMSType": "Transactional",
                                      "MaxPrice": "0.10719"})
        _, attributes = messages[japanese]
        self.assertEqual(attributes, {"SenderID": "Shop", "SMSType": "Promotional",
                                      "MaxPrice": "0.07451"})
        deployment.drain(deployment.email, "email-fallback")
        (mail, _), = deployment.proxies["email-fallback"].mailed
        self.assertEqual(mail["Destination"]["ToAddresses"], ["c3@example.com"])
        self.assertIn("<https://shop.example/unsubscribe>", json.dumps(mail))

    def test_the_command_line_uses_the_settings_that_are_deployed(self):
        deployment = self.deployment("test")
        shown = subprocess.run(
            [os.environ["POSTRIDER"], "preview", "--aws", deployment.name, "--status", "confirmed",
             "--locale", "de", "--country", "DE"],
            env=deployment.environment, capture_output=True, text=True, check=False)
        self.assertIn("Shop: Schön, dass Sie da sind", shown.stdout, shown.stderr)
        self.assertIn("0.10719", shown.stdout)

    def test_in_test_mode_nobody_can_be_reached_and_nothing_is_denied(self):
        deployment = self.deployment("dev")
        ends = {"+12025550100": "delivered", "+12025550103": "emailed"}
        deployment.put_orders([order(i, contact={"phone": number, "email": f"c{i}@example.com"})
                               for i, number in enumerate(ends)])
        deployment.put_orders([order(8, contact={"email": "complaint@simulator.amazonses.com"})])
        deployment.drain(deployment.orders, "order-processor")
        deployment.drain(deployment.sms, "sms-sender")
        deployment.drain(deployment.email, "email-fallback")
        states = {n["phone"]["S"]: n["state"]["S"] for n in deployment.notifications()
                  if "phone" in n}
        self.assertEqual(states, ends)
        self.assertEqual(Day(deployment).guard("blocked#"), 1)
        for name, proxy in deployment.proxies.items():
            self.assertEqual(proxy.denied, [], name)
            allowed = {a for s in deployment.policies[name]["calls"] for a in many(s["Action"])}
            self.assertFalse(allowed & {"sns:Publish", "ses:SendEmail"}, name)

    def test_the_sweeper_writes_zeros_of_all_that_alarms_compare(self):
        compared = {m["MetricStat"]["Metric"]["MetricName"]
                    for alarm in of_type(synthesised("prod"), "CloudWatch::Alarm").values()
                    for metrics in [alarm["Properties"].get("Metrics", [])]
                    if any(m.get("Expression", "").startswith("IF(") for m in metrics)
                    for m in metrics if "MetricStat" in m}
        deployment = self.deployment("prod")
        deployment.function("sweeper").invoke({})
        lines = [json.loads(line) for line in deployment.functions["sweeper"].lines]
        zeros = {name for line in lines if "_aws" in line for name, n in line.items() if n == 0}
        self.assertGreater(len(compared), 5)
        self.assertEqual(compared - zeros, set())

    def test_everything_in_the_template_was_made(self):
        deployment = self.deployment("prod")
        kinds = {r["Type"].removeprefix("AWS::") for r in synthesised("prod")["Resources"].values()}
        self.assertEqual(kinds - known_to_moto(), UNKNOWN_TO_MOTO)
        self.assertEqual(deployment.left_out, set())
        self.assertEqual(deployment.by_hand, LEFT_OUT - NOWHERE_IN_MOTO)


if __name__ == "__main__":
    unittest.main()
