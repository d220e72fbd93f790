"""The zips of `make lambda`: each is unpacked into an empty root, where nothing else is, and
started there behind a stand-in for Lambda's runtime API: x86-64 as it is, arm64 by qemu."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from stack import FUNCTIONS, Stack, delivery_log, log_event, order, phone

ZIPS = pathlib.Path(os.environ["ZIPS"])
MIB = 1024 * 1024
EMULATOR = "/usr/bin/qemu-aarch64-static"


def zip_of(architecture, function):
    folder = ZIPS if architecture == "x86-64" else ZIPS / architecture
    return folder / f"{function}.zip"


class Roots:
    """Empty roots with one unpacked zip each."""

    def __init__(self, architecture):
        self.architecture = architecture
        self.folder = tempfile.TemporaryDirectory()

    def command(self, function):
        """The command that starts the function in its root."""
        root = pathlib.Path(self.folder.name) / function
        task = root / "var/task"
        with zipfile.ZipFile(zip_of(self.architecture, function)) as archive:
            for entry in archive.infolist():
                path = pathlib.Path(archive.extract(entry, task))
                path.chmod(entry.external_attr >> 16)
        emulator = []
        if self.architecture == "arm64":
            shutil.copy(EMULATOR, root)
            emulator = ["/" + pathlib.Path(EMULATOR).name]
        as_root = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
        return [*as_root, "chroot", str(root), *emulator, "/var/task/bootstrap"]


class Zips(unittest.TestCase):
    def stack(self, architecture):
        roots = Roots(architecture)
        self.addCleanup(roots.folder.cleanup)
        stack = Stack(LAMBDA_TASK_ROOT="/var/task")
        stack.command = roots.command
        self.addCleanup(stack.__exit__)
        return stack.__enter__()

    def carry_orders_through(self, architecture):
        stack = self.stack(architecture)
        take = stack.function("order-processor").invoke
        texts = {"en": "is confirmed", "de": "ist best", "pl": "Zam", "ar": "طلب"}
        for number, locale in enumerate(texts):
            self.assertEqual(take(order(number, locale=locale))["statusCode"], 200)
        stack.drain(stack.sms, "sms-sender")
        sent = {s["phone_number"]: s for s in stack.sent_sms()}
        for number, part in enumerate(texts.values()):
            self.assertIn(part, sent[phone(number)]["message"])
        stack.function("delivery-tracker").invoke(log_event(
            [delivery_log(sent[phone(0)]["message_id"], "Message has been accepted by phone"),
             delivery_log(sent[phone(1)]["message_id"], "Phone has blocked SMS", "FAILURE")]))
        stack.drain(stack.email, "email-fallback")
        self.assertEqual(stack.function("sweeper").invoke({})["more"], False)
        self.assertEqual(stack.states(), {"delivered": 1, "emailed": 1, "sms_sent": 2})
        self.assertEqual(stack.sent_mail(), ["c1@example.com"])

    def test_x86_64_carries_orders_through_from_an_empty_root(self):
        self.carry_orders_through("x86-64")

    def test_arm64_carries_orders_through_from_an_empty_root(self):
        self.carry_orders_through("arm64")

    def test_what_is_in_them(self):
        for architecture in ("x86-64", "arm64"):
            for function in FUNCTIONS:
                path = zip_of(architecture, function)
                orders = function == "order-processor"
                with self.subTest(path=path), zipfile.ZipFile(path) as archive:
                    names = archive.namelist()
                    self.assertIn("bootstrap", names)
                    self.assertIn("authorities.pem", names)
                    self.assertLessEqual(path.stat().st_size, (25 if orders else 8) * MIB)
                    heavy = [n for n in names if "phonenumber" in n or "icu" in n]
                    self.assertEqual(bool(heavy), orders, heavy)

    def test_texts_come_out_the_same_with_the_trimmed_data(self):
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(zip_of("x86-64", "order-processor")) as archive:
                data = next(n for n in archive.namelist() if "libicudata" in n)
                pathlib.Path(folder, pathlib.Path(data).name).write_bytes(archive.read(data))
            done = subprocess.run([os.environ["TEST_MESSAGE"], "--gtest_brief=1"], text=True,
                                  env=os.environ | {"LD_LIBRARY_PATH": folder},
                                  capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])


if __name__ == "__main__":
    unittest.main()
