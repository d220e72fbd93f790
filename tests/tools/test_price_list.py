"""tools/price_list.py: its lists hold what the CSV says, the project's own lists are what it makes,
and a CSV with a mistake makes none."""

import csv
import datetime
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MADE = {"examples/prices.toml", "infra/settings/test/prices.toml"}
LISTS = MADE | {f"infra/settings/{environment}/prices.toml"  # a shop's own to change
                for environment in ("dev", "prod", "staging")}
WITHOUT_NUMBERS = {"AQ", "BV", "GS", "HM", "PN", "TF", "UM"}  # no regions of libphonenumber
HEADER = "country,carrier,price_per_part_usd,carrier_fee_usd,source,source_date,number_type"


def run(*arguments):
    return subprocess.run([sys.executable, ROOT / "tools/price_list.py", *arguments], text=True,
                          capture_output=True, timeout=30)


def csv_rows():
    with open(ROOT / "reference/prices.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(toml):
    """The prices of a list, with the date and source of the first lines where they have none."""
    table = tomllib.loads(toml)
    common = {key: table[key] for key in ("date", "source")}
    return [common | row for row in table["price"]]


class ProjectsLists(unittest.TestCase):

    def commands(self):
        """The lists that `make prices` writes, each with the arguments that make it."""
        # Without the flags of a `make test` that runs this.
        outside = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        done = subprocess.run(["make", "--no-print-directory", "-n", "prices"], cwd=ROOT, text=True,
                              env=outside, capture_output=True, timeout=30, check=True)
        commands = {}
        for line in done.stdout.replace("\\\n", "").splitlines():
            program, *arguments, arrow, file = shlex.split(line)
            self.assertEqual((program, arrow), ("tools/price_list.py", ">"), line)
            commands[file] = arguments
        del commands["/dev/null"]
        return commands

    def test_are_what_the_tool_makes(self):
        commands = self.commands()
        self.assertEqual(set(commands), MADE)
        for file, arguments in commands.items():
            with self.subTest(file):
                self.assertTrue((ROOT / file).read_text() == run(*arguments).stdout,
                                f"{file} is not up to date: run make prices")

    def test_have_prices_with_date_and_source_and_each_only_once(self):
        for file in LISTS:
            with self.subTest(file):
                rows = listed((ROOT / file).read_text())
                keys = [(row["country"], row.get("carrier", ""), row.get("network", ""))
                        for row in rows]
                self.assertEqual(keys, sorted(set(keys)))
                for row in rows:
                    datetime.date.fromisoformat(row["date"])
                    self.assertTrue(row["source"])
                    self.assertRegex(row["per_part"], r"^\d+(\.\d{1,6})?$")

    def test_name_carriers_that_postrider_has(self):
        for file in LISTS:
            carriers = {row.get("carrier") for row in listed((ROOT / file).read_text())}
            self.assertEqual(carriers, {"end_user_messaging", "twilio"}
                             if file == "examples/prices.toml" else {None}, file)


class List(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postrider-prices-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def make(self, *lines, header=HEADER, options=()):
        self.file = self.folder / "p.csv"
        self.file.write_bytes("".join(f"{line}\n" for line in (header, *lines)).encode())
        return run(*options, self.file)

    def list_of(self, *lines, options=()):
        done = self.make(*lines, options=options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return listed(done.stdout)

    def test_has_every_row_of_the_csv(self):
        expected = [
            {"country": row["country"], "carrier": row["carrier"],
             "per_part": row["price_per_part_usd"], "source": row["source"],
             "date": (row["source_date"] + "-01")[:10]}
            | ({"fee": row["carrier_fee_usd"]} if row["carrier_fee_usd"] else {})
            | ({} if row["number_type"] == "any"
               else {"network": row["number_type"].replace("_", " ")})
            for row in csv_rows() if row["country"] not in WITHOUT_NUMBERS]
        self.assertGreater(len(expected), 290)
        expected.sort(key=lambda row: (row["country"], row["carrier"], row.get("network", "")))
        self.assertEqual(listed(run().stdout), expected)

    def test_says_how_it_was_made_and_what_it_leaves_out(self):
        toml = run("--carrier", "end_user_messaging", "--as", "").stdout
        self.assertIn("\n# tools/price_list.py --carrier end_user_messaging --as ''\n", toml)
        left_out = re.search(r"^# Not in the list.*: (.*)\.$", toml, re.MULTILINE)[1]
        self.assertEqual(set(left_out.split(", ")), WITHOUT_NUMBERS)

    def test_has_the_usual_date_and_source_once(self):
        toml = self.make("DE,a,0.1,,often,2026-03-09,any", "AT,a,0.2,,often,2026-03-09,any",
                         'FR,a,0.3,,"once, ""here""",2026-07,any').stdout
        self.assertEqual(toml.count("often"), 1)
        self.assertEqual(toml.count("2026-07-01"), 2, "in the header and in its row")
        self.assertEqual([row["source"] for row in listed(toml)],
                         ["often", "often", 'once, "here"'])

    def test_keeps_what_the_options_name(self):
        lines = ("DE,a,0.1,,s,2026-03-09,any", "DE,b,0.2,,s,2026-03-09,any",
                 "AT,b,0.3,,s,2026-03-09,any", "FR,b,0.4,,s,2026-03-09,any")

        def prices(*options):
            return [(row["country"], row.get("carrier"), row["per_part"])
                    for row in self.list_of(*lines, options=options)]
        self.assertEqual(prices("--carrier", "a"), [("DE", "a", "0.1")])
        self.assertEqual(prices("--carrier", "b", "--as", "", "--countries", "DE, AT"),
                         [("AT", None, "0.3"), ("DE", None, "0.2")])
        self.assertEqual(prices("--as", "a=z", "--countries", "DE"),
                         [("DE", "b", "0.2"), ("DE", "z", "0.1")])
        for options, what in ((("--as", "c"), "several carriers"), (("--as", "c=d"), "carrier c"),
                              (("--carrier", "c"), "carrier c"), (("--countries", "PL"), "PL")):
            done = self.make(*lines, options=options)
            self.assertEqual((done.returncode, done.stdout), (1, ""), options)
            self.assertIn(what, done.stderr)

    def refused(self, what, *lines, header=HEADER):
        done = self.make(*lines, header=header)
        self.assertEqual((done.returncode, done.stdout), (1, ""), lines)
        self.assertTrue(done.stderr.startswith(f"{self.file}:{what}"), done.stderr)

    def test_is_not_made_of_a_csv_with_other_columns(self):
        self.refused('1: there is no column "colour"', header=HEADER + ",colour")
        self.refused("1: the column source is missing", header=HEADER.replace("source,", ""))
        self.refused("1: the column source is there twice", header=HEADER + ",source")
        self.refused("1: the column country is missing", header="")

    def test_is_not_made_of_a_row_with_a_mistake(self):
        good = "AT,a,0.1,,s,2026-03-09,any"
        for what, line in {
                "country": "Germany,a,0.1,,s,2026-03-09,any",
                "carrier is missing": "DE,,0.1,,s,2026-03-09,any",
                "price_per_part_usd is missing": "DE,a,,0.1,s,2026-03-09,any",
                'price_per_part_usd "0,1"': 'DE,a,"0,1",,s,2026-03-09,any',
                'price_per_part_usd "-0.1"': "DE,a,-0.1,,s,2026-03-09,any",
                'price_per_part_usd "1e-2"': "DE,a,1e-2,,s,2026-03-09,any",
                'price_per_part_usd "0.1234567"': "DE,a,0.1234567,,s,2026-03-09,any",
                'carrier_fee_usd "none"': "DE,a,0.1,none,s,2026-03-09,any",
                "a price of 0": "DE,a,0.00,0,s,2026-03-09,any",
                "source is missing": "DE,a,0.1,,,2026-03-09,any",
                "source_date is missing": "DE,a,0.1,,s,,any",
                'source_date "2026-02-30"': "DE,a,0.1,,s,2026-02-30,any",
                'source_date "9 March"': "DE,a,0.1,,s,9 March,any",
                "number_type is missing": "DE,a,0.1,,s,2026-03-09,",
                "6 cells where 7 belong": "DE,a,0.1,,s,2026-03-09",
                "0 cells": "",
                "a cell has a sign": "DE,a,0.1,,\x7f,2026-03-09,any",
                "AT is in line 2": good,
                "unexpected end of data": 'DE,a,0.1,,"s,2026-03-09,any'}.items():
            with self.subTest(what):
                self.refused(f"3: {what}", good, line)

    def test_mistakes_are_named_together(self):
        done = self.make("DE,a,x,,s,2026-03-09,any", "AT,a,0.1,,s,2026-03-09,any",
                         "FR,a,0.1,,,2026-03-09,any")
        self.assertEqual([line.split(": ")[0] for line in done.stderr.splitlines()],
                         [f"{self.file}:2", f"{self.file}:4"])

    def test_needs_a_file_that_can_be_read(self):
        done = run(self.folder / "none.csv")
        self.assertEqual(done.returncode, 1)
        self.assertIn("none.csv: No such file", done.stderr)
        (self.folder / "latin.csv").write_bytes(HEADER.encode() + b"\nDE,a,0.1,,\xe9,2026-03,any\n")
        self.assertIn("not UTF-8", run(self.folder / "latin.csv").stderr)


if __name__ == "__main__":
    unittest.main()
