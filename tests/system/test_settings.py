"""Settings as people meet them: what `doctor` says is what `serve` does, `config` writes and shows
them, and an upgrade moves no path."""

import json
import os
import pathlib
import subprocess
import unittest

from postrider import BINARY, ServiceCase, free_port

KEY = '[[key]]\nname = "a"\nkind = "live"\nshop = ""\nsha256 = "x"\ncreated = "y"\n'
BAD = {
    "a key that there is none of": "[sms]\nworker = 1\n",
    "two mistakes": "[sms]\nworker = 1\n\n[shop]\nlocale = 'german'\n",
    "no TOML": "[sms\n",
    "a placeholder": "shop.tracking_link = 'https://s.example/{order}'\n",
    "a long sender": "sms.sender_id = 'TheBestShopEver'\n",
    "a sender without its end": "email.from = 'Shop <orders@shop.example'\n",
    "a price of zero": "sms.price_per_part = 0\n",
    "a limit below a part": "sms.monthly_limit = 0.01\n",
    "a list that is not there": "sms.prices = 'none.toml'\n",
    "texts with a slip": "shop.templates = 'texts.toml'\n",
    "a key of AWS": "sms.origination_identity = 'pool-1'\n",
    "a carrier of AWS": "sms.carrier = 'sns'\n",
    "off loopback without a key": "listen = '0.0.0.0:0'\n",
    "a secret that is not there": "sms.carrier = 'http'\nhttp_carrier.url = 'http://127.0.0.1:9/'\n"
                                  "http_carrier.secret_file = 'none'\n",
    "a log that can't be written": "log.file = '/dev/null/log'\n",
}
GOOD = {
    "nothing": "",
    "amounts as numbers": "sms.monthly_limit = 50\nsms.daily_limit = 5.5\n",
    "e-mail alone": "sms.countries = ''\nsms.monthly_limit = 0\n",
    "a dear country beside a limit": "sms.prices = 'prices.toml'\nsms.daily_limit = 0.2\n",
}


class Settings(ServiceCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.data).parent / (pathlib.Path(self.data).name + "-conf")
        self.folder.mkdir(exist_ok=True)
        (self.folder / "texts.toml").write_text("[de.shiped]\nsms = 'x'\n")
        (self.folder / "prices.toml").write_text(
            "date = 2026-11-01\nsource = 's'\n[[price]]\ncountry = 'DE'\nper_part = 0.08\n"
            "[[price]]\ncountry = 'AF'\nper_part = 0.4\n")

    def file(self, text):
        path = self.folder / "shop.toml"
        path.write_text(text)
        return str(path)

    def doctor(self, *words):
        done = self.run_command("doctor", "--data", self.data, "--listen",
                                f"127.0.0.1:{free_port()}", "--json", *words, status=None)
        answer = json.loads(done.stdout)
        return answer["ok"], [c for c in answer["checks"] if c["status"] == "fail"]

    def starts(self, *words):
        """Whether a service starts with these words, and what it says where it does not."""
        listens = any("0.0.0.0" in pathlib.Path(word).read_text() for word in words
                      if word.endswith(".toml"))
        listen = () if listens else ("--listen", "127.0.0.1:0")
        process = subprocess.Popen([BINARY, "serve", "--data", self.data, *listen, *words],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            first = process.stdout.readline()
            if first:
                process.terminate()
            return bool(first), process.communicate(timeout=20)[1]
        finally:
            process.kill()
            process.wait()

    def test_doctor_and_serve_never_differ(self):
        for what, text in BAD.items():
            with self.subTest(what):
                file = self.file(text)
                words = ("--config", file)
                ok, failed = self.doctor(*words) if "listen" not in text else (False, [])
                started, said = self.starts(*words)
                self.assertEqual((ok, started), (False, False), said)
                if failed:
                    for check in failed:
                        self.assertNotIn("\n", check["finding"])
                    # serve ends at the first step that refuses: what it says, doctor says too.
                    for line in said.strip().removeprefix("postrider: ").splitlines():
                        same = [c for c in failed if line in c["finding"] or c["finding"] in line
                                or ("log.file: " in line and c["name"] == "log")]
                        self.assertTrue(same, (line, failed))
        for what, text in GOOD.items():
            with self.subTest(what):
                words = ("--config", self.file(text))
                self.assertEqual((self.doctor(*words)[0], self.starts(*words)[0]), (True, True))

    def test_keys_that_cant_be_read(self):
        keys = pathlib.Path(self.data) / "keys.toml"
        keys.parent.mkdir(exist_ok=True)
        keys.write_text(KEY + KEY)
        keys.chmod(0o600)
        ok, failed = self.doctor()
        self.assertEqual((ok, [c["name"] for c in failed]), (False, ["API keys", "API keys"]))
        self.assertIn("keys.toml:1: ", failed[0]["finding"])
        self.assertIn("keys.toml:7: ", failed[1]["finding"])
        started, said = self.starts()
        self.assertFalse(started)
        self.assertIn("keys.toml:7: ", said)

    def test_all_that_people_read_fits_eighty_columns(self):
        file = self.file(f"sms.prices = 'prices.toml'\nlog.file = '{self.data}/{'l' * 30}.log'\n"
                         "http_carrier.url = 'https://user:secret@carrier.example/messages'\n")
        for words in (("config", "show", "--config", file), ("config", "init", "-"),
                      ("config", "init", "-", "--home", "aws"),
                      ("doctor", "--data", "d", "--listen", f"127.0.0.1:{free_port()}")):
            done = self.run_command(*words, status=None)
            for line in done.stdout.splitlines():
                # A path or an address is never cut.
                self.assertTrue(len(line) <= 80 or self.data in line, line)
            self.assertNotIn("secret@", done.stdout)

    def test_show_marks_what_differs_and_says_what_set_it(self):
        file = self.file("sms.monthly_limit = 50\nretention = '30d'\n")
        shown = self.run_command("config", "show", "--config", file, "--set",
                                 "sms.fixed_lines=send").stdout.splitlines()
        lines = {line.split()[0]: line for line in shown if line.strip()}
        self.assertRegex(lines["sms.monthly_limit"], r"^sms.monthly_limit +50\.00")
        after = shown[shown.index(lines["sms.monthly_limit"]) + 1]
        self.assertIn("* ", lines["sms.monthly_limit"] + after)
        self.assertRegex(lines["sms.fixed_lines"], r"^sms.fixed_lines +send +\* --set$")
        self.assertNotIn("*", lines["retention"], "set, and the default all the same")
        after = shown[shown.index(lines["retention"]) + 1]
        self.assertIn("shop.toml:2", lines["retention"] + after)
        self.assertRegex(lines["smtp.timeout"], r"^smtp.timeout +30s$")

    def test_init_writes_a_file_that_changes_nothing_and_keeps_what_is_there(self):
        file = self.folder / "new.toml"
        self.run_command("config", "init", str(file))
        self.assertTrue(self.starts("--config", str(file))[0])
        before = file.read_text()
        done = self.run_command("config", "init", str(file), status=1)
        self.assertIn("is there already", done.stderr)
        self.assertEqual(file.read_text(), before)
        aws = self.folder / "aws.toml"
        self.run_command("config", "init", str(aws), "--home", "aws")
        text = aws.read_text()
        self.assertIn('# carrier = "sns"', text)
        self.assertNotIn("[smtp]", text)
        done = self.run_command("config", "init", "/dev/null/x.toml", status=1)
        self.assertIn("Not a directory", done.stderr)

    def test_a_data_folder_beside_the_program_is_not_left_behind(self):
        # Before, `data = "store"` meant the folder in which the program starts.
        service = self.folder / "service"
        (service / "store").mkdir(parents=True)
        (service / "store/postrider.db").write_text("")
        (self.folder / "shop.toml").write_text("data = 'store'\n")
        done = subprocess.run([BINARY, "serve", "--config", "../shop.toml"], cwd=service,
                              capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("../shop.toml:1: data", done.stderr)
        self.assertIn(os.path.realpath(service / "store"), done.stderr)
        self.assertFalse((self.folder / "store").exists())


if __name__ == "__main__":
    unittest.main()
