"""infra/deploy.sh and infra/destroy.sh."""

import os
import subprocess
import unittest

from script_case import ScriptCase


class DeployScript(ScriptCase):
    def test_without_an_account_a_dry_run_prints_the_plan(self):
        text = self.run_script("deploy.sh", "--dry-run", "dev", "us-east-1", aws=False)
        for part in ("SMSNotificationStack-dev in us-east-1", "no credentials of AWS",
                     "would build the functions' zips", "would make CDK's own stack",
                     "would deploy SMSNotificationStack-dev", "they belong to the environment"):
            self.assertIn(part, text)
        text = self.run_script("deploy.sh", "--dry-run", "staging", aws=False)
        self.assertIn("would make the log group sns/us-east-1/ACCOUNT/DirectPublish", text)
        self.assertEqual(self.changing(), [])

    def test_a_dry_run_asks_and_changes_nothing(self):
        self.for_a_shop()
        text = self.run_script("deploy.sh", "--dry-run", "prod", "eu-west-1")
        self.assertIn("account 123456789012", text)
        self.assertIn("MonthlySpendLimit=1000", text)
        self.assertEqual(self.changing(), [])
        self.assertTrue(self.calls)

    def test_it_does_what_is_missing_and_the_second_time_only_deploys(self):
        self.for_a_shop()
        role = "arn:aws:iam::123456789012:role/sns"
        self.deployed("prod", role)
        text = self.run_script("deploy.sh", "prod", "us-east-1")
        self.assertIn("cdk bootstrap aws://123456789012/us-east-1", self.calls)
        self.assertIn("night@", self.project.joinpath("infra/lib/settings.ts").read_text())
        self.assertIn("aws lambda invoke", text)
        attributes = self.aws.client("sns").get_sms_attributes()["attributes"]
        self.assertEqual(attributes, {
            "MonthlySpendLimit": "1000", "DeliveryStatusIAMRole": role,
            "DeliveryStatusSuccessSamplingRate": "100", "DefaultSMSType": "Transactional"})
        groups = {g["logGroupName"]: g.get("retentionInDays") for g in
                  self.aws.client("logs").describe_log_groups()["logGroups"]}
        name = "sns/us-east-1/123456789012/DirectPublishToPhoneNumber"
        self.assertEqual(groups, {name: 90, name + "/Failure": 90})
        identities = self.aws.client("sesv2").list_email_identities()["EmailIdentities"]
        self.assertEqual([i["IdentityName"] for i in identities], ["orders@shop.example"])

        self.aws.client("cloudformation").create_stack(
            StackName="CDKToolkit",
            TemplateBody='{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}')
        self.run_script("deploy.sh", "prod", "us-east-1")
        self.assertEqual([call.split(" -c")[0].split(" -C")[0] for call in self.changing()],
                         ["make --no-print-directory", "cdk deploy SMSNotificationStack-prod"])

    def test_phone_numbers_are_kept_as_long_as_the_owner_says(self):
        self.for_a_shop()
        logs = self.aws.client("logs")
        name = "sns/us-east-1/123456789012/DirectPublishToPhoneNumber"
        logs.create_log_group(logGroupName=name)  # as SNS does: for ever
        self.deployed("staging")
        self.deployed("prod", "arn:aws:iam::123456789012:role/sns")
        self.as_the_owner_left_it()

        def days():
            groups = logs.describe_log_groups()["logGroups"]
            return {g["retentionInDays"] for g in groups}

        self.run_script("deploy.sh", "staging")
        self.assertEqual(days(), {30})
        self.run_script("deploy.sh", "prod")
        self.assertEqual(days(), {90})
        self.run_script("deploy.sh", "staging")
        self.assertEqual(days(), {90})

    def test_the_rest_of_a_failed_first_deployment_is_cleared_away(self):
        self.for_a_shop()
        stack = "cloudformation {} --stack-name SMSNotificationStack-prod"
        self.command.answers |= {
            stack.format("describe-stacks") + " --query Stacks[0].StackStatus": "ROLLBACK_COMPLETE",
            stack.format("describe-stacks"): "arn:aws:iam::123456789012:role/sns",
            "cloudformation update-termination-protection": "",
            stack.format("delete-stack"): "", stack.format("wait stack-delete-complete"): ""}
        self.run_script("deploy.sh", "prod")
        done = [call.split(" --")[0] for call in self.changing()
                if call.startswith("cloudformation")]
        self.assertEqual(done, ["cloudformation update-termination-protection",
                                "cloudformation delete-stack",
                                "cloudformation wait stack-delete-complete"])

    def test_a_refusal_of_aws_ends_it_and_is_shown(self):
        self.for_a_shop()
        self.command.refusals["logs describe-log-groups"] = "AccessDeniedException: no"
        text = self.run_script("deploy.sh", "prod", status=1)
        self.assertIn("aws logs describe-log-groups: An error occurred: AccessDenied", text)
        self.assertNotIn("cdk deploy", "".join(self.calls))

    def test_a_limit_above_the_quota_is_reported_and_receipts_come_all_the_same(self):
        self.for_a_shop()
        self.deployed("prod", "arn:aws:iam::123456789012:role/sns")
        setting = "sns set-sms-attributes --attributes MonthlySpend"
        self.command.refusals[setting] = "InvalidParameter"
        text = self.run_script("deploy.sh", "prod", status=1)
        self.assertIn("SNS refused a limit of 1000 USD", text)
        attributes = self.aws.client("sns").get_sms_attributes()["attributes"]
        self.assertEqual(attributes["DeliveryStatusSuccessSamplingRate"], "100")

    def test_another_environment_leaves_what_is_the_accounts(self):
        self.for_a_shop()
        self.as_the_owner_left_it(MonthlySpendLimit="1000")
        before = self.aws.client("sns").get_sms_attributes()["attributes"]
        self.deployed("staging")
        self.run_script("deploy.sh", "staging")
        self.assertEqual(self.aws.client("sns").get_sms_attributes()["attributes"], before)

    def test_where_no_receipt_could_come_it_refuses_and_names_the_remedy(self):
        self.for_a_shop()
        text = self.run_script("deploy.sh", "staging", status=1)
        self.assertIn("ownsAccount first, or let staging be it", text)
        self.assertEqual(self.changing(), [])
        self.as_the_owner_left_it(DeliveryStatusSuccessSamplingRate="10")
        text = self.run_script("deploy.sh", "staging", status=1)
        self.assertIn("of deliveries: 10 %", text)
        self.assertEqual(self.changing(), [])

    def test_a_second_owner_has_to_say_that_it_takes_over(self):
        self.for_a_shop()
        self.as_the_owner_left_it(MonthlySpendLimit="50")
        text = self.run_script("deploy.sh", "prod", status=1)
        self.assertIn("Let only one have ownsAccount", text)
        self.assertEqual(self.changing(), [])
        self.deployed("prod", "arn:aws:iam::123456789012:role/new")
        self.run_script("deploy.sh", "--take-over", "prod")
        attributes = self.aws.client("sns").get_sms_attributes()["attributes"]
        self.assertEqual((attributes["DeliveryStatusIAMRole"], attributes["MonthlySpendLimit"]),
                         ("arn:aws:iam::123456789012:role/new", "1000"))

    def test_an_owner_in_test_mode_does_not_set_the_limit_of_another(self):
        self.as_the_owner_left_it(MonthlySpendLimit="1000")
        self.settings(ownsAccount="true")
        text = self.run_script("deploy.sh", "dev", status=1)
        self.assertIn("Let only one have ownsAccount", text)
        self.assertEqual(self.changing(), [])

    def test_a_role_that_is_gone_is_none(self):
        self.for_a_shop()
        self.as_the_owner_left_it()
        self.deployed("prod", "arn:aws:iam::123456789012:role/new")
        self.deployed("staging")
        self.command.refusals["iam get-role"] = "NoSuchEntity"
        self.assertIn("role: none", self.run_script("deploy.sh", "staging", status=1))
        self.run_script("deploy.sh", "prod")
        self.command.refusals["iam get-role"] = "AccessDenied"
        self.run_script("deploy.sh", "staging")

    def test_settings_that_take_away_the_role_of_all_receipts_are_refused(self):
        role = "arn:aws:iam::123456789012:role/sns"
        self.for_a_shop()
        self.as_the_owner_left_it()
        self.deployed("staging", role)
        for words, status in (((), 1), (("--receipts-too",), 0)):
            text = self.run_script("deploy.sh", *words, "staging", status=status)
            self.assertEqual("which these settings take away" in text, status == 1)
            self.assertEqual(bool(self.changing()), status == 0)

    def test_sandboxes_are_reported_where_customers_are_to_be_reached(self):
        self.as_the_owner_left_it()
        self.command.answers |= {"sesv2 get-account": "True",
                                 "sns get-sms-sandbox-account-status": "True"}
        self.deployed("dev")
        self.assertNotIn("sandbox", self.run_script("deploy.sh", "dev"))
        self.for_a_shop()
        self.deployed("staging")
        text = self.run_script("deploy.sh", "staging")
        self.assertIn("SES has this account in its sandbox", text)
        self.assertIn("SNS has this account in its SMS sandbox", text)
        for ask in ("sesv2 get-account", "sns get-sms-sandbox"):
            self.command.refusals[ask] = "AccessDenied"
        self.assertNotIn("sandbox:", self.run_script("deploy.sh", "staging"))

    def test_warnings_of_the_command_line_are_no_part_of_its_answers(self):
        self.deployed("dev")
        warning = "echo 'Warning: 3 is out of date' >&2\n"
        self.program("aws", self.command.script().replace("\n", "\n" + warning, 1))
        text = self.run_script("deploy.sh", "dev")
        self.assertIn("account 123456789012, functions", text)
        self.assertNotIn("Lambda runs", text)
        self.assertIn("cdk bootstrap aws://123456789012/us-east-1", self.calls)

    def test_an_owner_in_test_mode_sets_the_limit_and_asks_for_no_receipts(self):
        self.settings(ownsAccount="true")
        self.deployed("dev")
        self.run_script("deploy.sh", "dev")
        self.assertEqual(self.aws.client("sns").get_sms_attributes()["attributes"],
                         {"MonthlySpendLimit": "20", "DefaultSMSType": "Transactional"})

    def test_a_sender_that_ses_still_waits_for_is_reported(self):
        self.for_a_shop()
        self.as_the_owner_left_it()
        self.deployed("staging")
        ask = "sesv2 get-email-identity --email-identity orders@shop.example"
        self.command.answers[ask] = "False"
        self.assertIn("still waits for orders@", self.run_script("deploy.sh", "staging"))
        self.command.answers[ask] = "True"
        self.assertIn("SES sends for orders@", self.run_script("deploy.sh", "staging"))
        self.assertNotIn("sesv2 create", "".join(self.calls))

    def test_an_account_with_few_functions_at_once_is_reported(self):
        self.deployed("dev")
        self.assertNotIn("Lambda runs", self.run_script("deploy.sh", "dev"))
        self.command.answers["lambda get-account-settings"] = "10"
        self.assertIn("Lambda runs 10 functions at once", self.run_script("deploy.sh", "dev"))

    def test_nothing_is_deployed_without_zips(self):
        infra = self.project / "infra"
        done = subprocess.run([infra / "node", "node_modules/.bin/cdk", "synth", "--quiet"],
                              cwd=infra, capture_output=True, text=True, timeout=120, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('"make lambda" builds them', done.stdout + done.stderr)

    def test_a_limit_that_was_changed_is_the_only_one_set(self):
        self.for_a_shop()
        self.deployed("prod", "arn:aws:iam::123456789012:role/sns")
        self.run_script("deploy.sh", "prod")
        self.settings(ownsAccount="true", testMode="false")
        self.shop("dev", monthly_limit="24.50")  # SNS's own is in whole dollars
        self.deployed("dev", "arn:aws:iam::123456789012:role/sns")
        self.run_script("deploy.sh", "dev")
        set_now = [c for c in self.calls if c.startswith("sns set-")]
        self.assertEqual(set_now, ["sns set-sms-attributes --attributes MonthlySpendLimit=25"])

    def test_a_third_subscription_is_reported_before_it_fails(self):
        self.for_a_shop()
        logs = self.aws.client("logs")
        name = "sns/us-east-1/123456789012/DirectPublishToPhoneNumber"
        logs.create_log_group(logGroupName=name)
        self.as_the_owner_left_it()
        self.aws.client("kinesis").create_stream(StreamName="s", ShardCount=1)
        for other in ("a", "b"):
            logs.put_subscription_filter(
                logGroupName=name, filterName=other, filterPattern="",
                destinationArn="arn:aws:kinesis:us-east-1:123456789012:stream/s")
        text = self.run_script("deploy.sh", "staging", status=1)
        self.assertIn("two subscriptions", text)
        self.assertNotIn("cdk deploy", "".join(self.calls))

    def test_what_is_missing_or_wrong_is_said_in_words(self):
        for words, status, part in (
                (("prod",), 1,
                 "infra/settings/prod/postrider.toml is still orders@example.com"),
                (("production",), 2,
                 'no environment "production": infra/settings has dev prod staging test'),
                (("dev", "frankfurt"), 1, '"frankfurt" is no region'),
                (("--force",), 2, "usage: infra/deploy.sh"),
                (("--yes",), 2, "usage: infra/deploy.sh"),
                (("a", "b", "c"), 2, "usage: infra/deploy.sh")):
            with self.subTest(words):
                self.assertIn(part, self.run_script("deploy.sh", *words, status=status))
                self.assertEqual(self.changing(), [])
        text = self.run_script("deploy.sh", "dev", status=1, aws=False)
        self.assertIn("AWS does not know who you are", text)

    def test_a_mistake_in_the_shops_files_ends_it_before_anything_is_begun(self):
        self.for_a_shop()
        for name, mistake, finding in (
                ("postrider.toml", "montly_limit = 5\n", 'there is no setting "sms.montly_limit"'),
                ("texts.toml", "[de.shiped]\nsms = 'x'\n", "did you mean [de.shipped]"),
                ("prices.toml", "[[price]]\ncountry = 'DE'\n", "per_part is missing")):
            with self.subTest(name):
                file = self.project / "infra/settings/prod" / name
                text = file.read_text()
                file.write_text(text + mistake)
                told = " ".join(self.run_script("deploy.sh", "prod", status=1).split())
                self.assertRegex(told, rf"infra/settings/prod/{name}:\d+: ")
                self.assertIn(finding, told)
                self.assertIn("nothing was done", told)
                self.assertEqual(self.calls, [])
                file.write_text(text)

    def test_the_program_that_reads_the_settings_is_built_first(self):
        self.deployed("dev")
        told = self.run_script("deploy.sh", "--dry-run", "dev", status=1, POSTRIDER="")
        self.assertIn("build/release/postrider, which reads the shop's settings: \"make build\"",
                      told)
        self.assertEqual(self.calls, [])
        program = self.project / "build/release/postrider"
        program.parent.mkdir(parents=True)
        self.program("make", f'#!/bin/sh\necho make "$@" >> {self.log}\n'
                             f'ln -sf {os.environ["POSTRIDER"]} {program}\n')
        self.run_script("deploy.sh", "dev", POSTRIDER="")
        built = [call.rsplit(" ", 1)[-1] for call in self.calls if call.startswith("make ")]
        self.assertEqual(built, ["build", "lambda"])

    def test_the_role_that_brings_all_receipts_is_not_taken_away_by_accident(self):
        role = "arn:aws:iam::123456789012:role/sns"
        self.deployed("dev", role)
        self.as_the_owner_left_it()
        text = self.run_script("destroy.sh", "--yes", "dev", status=1)
        self.assertIn("with a role of SMSNotificationStack-dev", text)
        self.assertEqual(self.changing(), [])
        self.run_script("destroy.sh", "--yes", "--receipts-too", "dev")
        self.assertIn("cdk destroy SMSNotificationStack-dev", "".join(self.changing()))

    def test_destroying_takes_a_name_and_never_prod(self):
        self.assertIn("keeps its data", self.run_script("destroy.sh", "--yes", "prod", status=1))
        self.run_script("destroy.sh", "dev", answer="yes\n", status=1)
        self.assertEqual(self.changing(), [])
        self.run_script("destroy.sh", "dev", answer="SMSNotificationStack-dev\n")
        self.assertEqual(self.changing(),
                         ["cdk destroy SMSNotificationStack-dev -c environment=dev "
                          "-c zips=optional --force"])


if __name__ == "__main__":
    unittest.main()
