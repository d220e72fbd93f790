"""The synthesised template against the functions' tables, metrics and settings, and against the
rules of CloudFormation."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from iam import many
from stack import table_requests
from template import of_type, synthesised

ROOT = pathlib.Path(__file__).parents[2]


def keys_of(description):
    return {k["AttributeName"]: k["KeyType"] for k in description["KeySchema"]}


def shape_of(table):
    """The parts of a table that have to agree: keys, indexes and their attributes."""
    indexes = {i["IndexName"]: (keys_of(i), i["Projection"]["ProjectionType"],
                                sorted(i["Projection"].get("NonKeyAttributes", [])))
               for i in table.get("GlobalSecondaryIndexes", [])}
    kinds = {a["AttributeName"]: a["AttributeType"] for a in table["AttributeDefinitions"]}
    return keys_of(table), kinds, indexes


def emitted():
    """The metrics that the functions write, as (metric, whether by function)."""
    lines = subprocess.run([os.environ["PRINT_METRICS"]], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    directives = [d for line in map(json.loads, lines) if "_aws" in line
                  for d in line["_aws"]["CloudWatchMetrics"]]
    return {(metric["Name"], dimensions == ["Function"]) for d in directives
            for dimensions in d["Dimensions"] for metric in d["Metrics"]}


class Template(unittest.TestCase):
    def test_the_tables_are_those_that_the_functions_expect(self):
        wanted = [shape_of(t) for t in table_requests("log", "preferences", "status", "guard")]
        made = [shape_of(t["Properties"])
                for t in of_type(synthesised("prod"), "DynamoDB::Table").values()]
        for table in wanted:
            self.assertIn(table, made)
        self.assertEqual(len(made), len(wanted))

    def own_metrics(self, template):
        """Our metrics in alarms and widgets, as (metric, whether by function)."""
        named = set()
        for alarm in of_type(template, "CloudWatch::Alarm").values():
            p = alarm["Properties"]
            stats = [m["MetricStat"]["Metric"] for m in p.get("Metrics", []) if "MetricStat" in m]
            for metric in stats or [p]:
                if metric["Namespace"].startswith("SMSNotifications/"):
                    self.assertEqual(metric["Namespace"],
                                     "SMSNotifications/SMSNotificationStack-prod")
                    named.add((metric["MetricName"], bool(metric.get("Dimensions"))))
        (dashboard,) = of_type(template, "CloudWatch::Dashboard").values()
        # The body is text around names of resources: those are no part of a metric's name.
        body = "".join(part if isinstance(part, str) else "x"
                       for part in dashboard["Properties"]["DashboardBody"]["Fn::Join"][1])
        for widget in json.loads(body)["widgets"]:
            for metric in widget["properties"].get("metrics", []):
                if isinstance(metric[0], str) and metric[0].startswith("SMSNotifications/"):
                    named.add((metric[1], "Function" in metric[2:]))
        return named

    def test_every_metric_that_an_alarm_or_widget_names_is_one_that_the_functions_write(self):
        named = self.own_metrics(synthesised("prod"))
        self.assertGreater(len(named), 20)
        counted = {(t["MetricName"], False)
                   for f in of_type(synthesised("prod"), "Logs::MetricFilter").values()
                   for t in f["Properties"]["MetricTransformations"]}
        self.assertEqual(named - emitted(), counted)

    def test_the_cost_page_knows_how_many_metrics_alarms_and_keys_there_are(self):
        template = synthesised("prod")
        functions = len(of_type(template, "Lambda::Function"))
        count = {"metrics": 1 + sum(functions if f else 1 for _, f in emitted()),
                 # CloudWatch bills an alarm by the metrics that it looks at.
                 "alarm_metrics": sum(
                     sum("MetricStat" in m for m in a["Properties"].get("Metrics", [])) or 1
                     for a in of_type(template, "CloudWatch::Alarm").values()),
                 "sms_senders": self.senders(template),
                 "keys": len(of_type(template, "KMS::Key"))}
        self.assertEqual(json.loads((ROOT / "docs/figures/aws_stack.json").read_text()), count)

    def senders(self, template):
        """The number of functions that take from the SMS queue of normal priority at once."""
        (queue,) = (name for name in of_type(template, "SQS::Queue") if name.startswith("QueuesSms")
                    and "High" not in name)
        (mapping,) = (m["Properties"] for m in
                      of_type(template, "Lambda::EventSourceMapping").values()
                      if m["Properties"]["EventSourceArn"]["Fn::GetAtt"][0] == queue)
        return mapping["ScalingConfig"]["MaximumConcurrency"]

    def test_the_pages_with_figures_are_what_their_programs_make(self):
        for program in ("cost_page.py", "scale_page.py"):
            subprocess.run([sys.executable, ROOT / "tools" / program, "--check"], check=True)

    def test_every_variable_of_a_function_is_a_documented_one(self):
        documented = {name for page in ("docs/aws.md", "docs/configuration.md")
                      for name in re.findall(r"`([A-Z_]+)`", (ROOT / page).read_text())}
        for environment in ("prod", "test"):
            for function in of_type(synthesised(environment), "Lambda::Function").values():
                variables = function["Properties"]["Environment"]["Variables"]
                self.assertEqual(set(variables) - documented, set())

    def test_lambda_may_do_for_a_function_what_its_sources_and_its_failures_need(self):
        template = synthesised("prod")
        mapped = {}
        for mapping in of_type(template, "Lambda::EventSourceMapping").values():
            p = mapping["Properties"]
            mapped.setdefault(p["FunctionName"]["Ref"], set()).add(json.dumps(p["EventSourceArn"]))
        kept = {config["Properties"]["FunctionName"]["Ref"]:
                config["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]
                for config in of_type(template, "Lambda::EventInvokeConfig").values()
                if "DestinationConfig" in config["Properties"]}
        for name, function in of_type(template, "Lambda::Function").items():
            p = function["Properties"]
            role = template["Resources"][p["Role"]["Fn::GetAtt"][0]]["Properties"]
            self.assertNotIn("ManagedPolicyArns", role)
            trust, = role["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(trust["Principal"], {"Service": "lambda.amazonaws.com"})
            policies = {each["PolicyName"]: each["PolicyDocument"]["Statement"]
                        for each in role["Policies"]}
            self.assertEqual(set(policies), {"calls", "lambda"})
            allowed = {(action, json.dumps(resource)) for s in policies["lambda"]
                       for action in many(s["Action"]) for resource in many(s["Resource"])}
            log = {"Fn::GetAtt": [p["LoggingConfig"]["LogGroup"]["Ref"], "Arn"]}
            wanted = {("logs:CreateLogStream", json.dumps(log)),
                      ("logs:PutLogEvents", json.dumps(log)),
                      ("xray:PutTraceSegments", '"*"'), ("xray:PutTelemetryRecords", '"*"')}
            wanted |= {(f"sqs:{action}", queue) for queue in mapped.get(name, ())
                       for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")}
            if name in kept:
                wanted.add(("sqs:SendMessage", json.dumps(kept[name])))
            self.assertEqual(allowed, wanted, p["Handler"])

    def test_cfn_lint_finds_nothing(self):
        for environment in ("dev", "staging", "prod", "test"):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(synthesised(environment), file)
                file.flush()
                # W3005: CDK names a dependency that a reference implies already.
                done = subprocess.run(
                    [sys.executable, "-c",
                     "import sys, cfnlint.runner; sys.exit(cfnlint.runner.main())",
                     "--ignore-checks", "W3005", "--", file.name],
                    capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), environment)


if __name__ == "__main__":
    unittest.main()
