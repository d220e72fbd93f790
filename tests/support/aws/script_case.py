"""A copy of the project whose infra/deploy.sh and infra/destroy.sh run with stand-ins: for the
command `aws` one over moto, for `cdk` and `make` ones that only note their arguments."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from aws_command import AwsCommand
from moto_server import MotoServer, clean_environment

ROOT = pathlib.Path(__file__).parents[3]
CHANGES = re.compile(r"^(?!(sts|sesv2|sns|lambda|iam) get-|(cloudformation|logs) describe-)")


class ScriptCase(unittest.TestCase):
    """A test of the scripts; `project` is the copy, `calls` what the last script called."""

    def setUp(self):
        self.aws = MotoServer(checked=False)
        self.aws.__enter__()
        self.addCleanup(self.aws.__exit__)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # The scripts and settings as they are, where a test may change the settings.
        self.project = self.folder / "project"
        shutil.copytree(ROOT / "infra", self.project / "infra", symlinks=True,
                        ignore=shutil.ignore_patterns("node_modules"))
        (self.project / "infra/node_modules").symlink_to(ROOT / "infra/node_modules")
        shutil.copytree(ROOT / "tools", self.project / "tools")
        self.log = self.folder / "log"
        self.command = AwsCommand(self.aws).__enter__()
        self.command.answers |= {"lambda get-account-settings": "1000",
                                 "iam get-role": "a role",
                                 "sesv2 get-account": "False",
                                 "sns get-sms-sandbox-account-status": "False"}
        self.addCleanup(self.command.__exit__)
        self.program("aws", self.command.script())
        self.program("cdk", f"#!/bin/sh\necho cdk \"$@\" >> {self.log}\n")
        self.program("make", f"#!/bin/sh\necho make \"$@\" >> {self.log}\n")

    def program(self, name, text):
        (self.folder / "bin").mkdir(exist_ok=True)
        file = self.folder / "bin" / name
        file.write_text(text)
        file.chmod(0o755)

    def settings(self, **changes):
        file = self.project / "infra/lib/settings.ts"
        text = file.read_text()
        for name, value in changes.items():
            text, count = re.subn(rf"^((?!.*readonly).*\b{name}(?:: \w+)? ?[:=] ).+?([,;])$",
                                  lambda m, v=value: m[1] + v + m[2], text, count=1, flags=re.M)
            self.assertEqual(count, 1, name)
        file.write_text(text)

    def shop(self, environment, **changes):
        """Changes values in the file of the shop's settings."""
        file = self.project / f"infra/settings/{environment}/postrider.toml"
        text = file.read_text()
        for name, value in changes.items():
            text, count = re.subn(rf"^{name} = .+$", f"{name} = {value}", text, flags=re.M)
            self.assertEqual(count, 1, name)
        file.write_text(text)

    def run_script(self, script, *words, status=0, aws=True, answer="", **variables):
        environment = clean_environment() | {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "CDK": "cdk",
            "MAKE": "make"} | (self.aws.environment if aws else {}) | variables
        self.log.write_text("")
        self.command.calls.clear()
        done = subprocess.run([self.project / "infra" / script, *words], env=environment, text=True,
                              input=answer, capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.calls = self.command.calls + self.log.read_text().splitlines()
        return done.stdout + done.stderr

    def changing(self):
        """The calls that change something."""
        return [call for call in self.calls if CHANGES.match(call)]

    def deployed(self, environment, role=None):
        """As if cdk had made the stack."""
        template = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": {%s}}' % (
            f'"DeliveryStatusRoleArn": {{"Value": "{role}"}}' if role else "")
        self.aws.client("cloudformation").create_stack(
            StackName=f"SMSNotificationStack-{environment}", TemplateBody=template)

    def as_the_owner_left_it(self, **more):
        """The account after prod was deployed."""
        self.aws.client("sns").set_sms_attributes(
            attributes={"DeliveryStatusIAMRole": "arn:aws:iam::123456789012:role/sns",
                        "DeliveryStatusSuccessSamplingRate": "100"} | more)

    def for_a_shop(self):
        self.settings(alarmEmails="['night@shop.example']")
        for environment in ("dev", "staging", "prod"):
            self.shop(environment, **{"from": '"Shop <orders@shop.example>"'})
