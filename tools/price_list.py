#!/usr/bin/env python3
"""Prints a price list for sms.prices (docs/prices.md), made from reference/prices.csv. Mistakes in
the CSV are named with their line on stderr; then no list is printed and the exit code is 1."""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import re
import shlex
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = ("country", "carrier", "price_per_part_usd", "carrier_fee_usd", "source", "source_date",
           "number_type")
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)  # what Postrider reads as money

# Postrider takes the regions of libphonenumber as countries. These have no numbers of their own
# there: a phone's country is never one of them, and a list that has one is refused.
WITHOUT_NUMBERS = {"AQ", "BV", "GS", "HM", "PN", "TF", "UM"}

Row = collections.namedtuple("Row", "country carrier network per_part fee date source")


class Mistakes(Exception):
    """What is wrong with the CSV, a text a line."""


def day(text):
    """The day YYYY-MM-DD. Of a month YYYY-MM, its first: a price is at least that old."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text, re.ASCII):
        raise ValueError(text)
    return datetime.date.fromisoformat(text if len(text) == 10 else text + "-01").isoformat()


def mistake_in(cells):
    """The first mistake in the cells of a row, by their columns; None where there is none."""
    if not re.fullmatch(r"[A-Z]{2}", cells["country"], re.ASCII):
        return f'country "{cells["country"]}" is no two-letter code such as DE (ISO 3166)'
    for name in ("carrier", "price_per_part_usd", "source", "source_date", "number_type"):
        if not cells[name]:
            return f"{name} is missing"
    for name in ("price_per_part_usd", "carrier_fee_usd"):
        if cells[name] and not AMOUNT.fullmatch(cells[name]):
            return f'{name} "{cells[name]}" is no amount such as 0.0743, with at most six decimals'
    if not re.search("[1-9]", cells["price_per_part_usd"] + cells["carrier_fee_usd"]):
        return "a price of 0 would let SMS go past every limit"
    try:
        day(cells["source_date"])
    except ValueError:
        return f'source_date "{cells["source_date"]}" is no day such as 2026-11-01 and no month'
    if not "".join(cells.values()).isprintable():
        return "a cell has a sign that can't be printed"
    return None


def row_of(cells):
    # The network is that of the phone. A price that depends on the sender's number says so there:
    # of rows with different networks, the dearest counts.
    number = cells["number_type"].replace("_", " ")
    return Row(cells["country"], cells["carrier"], "" if number == "any" else number,
               cells["price_per_part_usd"], cells["carrier_fee_usd"], day(cells["source_date"]),
               cells["source"])


def key(row):
    return row.country, row.carrier, row.network


def check_header(path, header):
    mistakes = [f'{path}:1: there is no column "{name}", only {", ".join(COLUMNS)}'
                for name in header if name not in COLUMNS]
    mistakes += [f"{path}:1: the column {name} is missing" for name in COLUMNS
                 if name not in header]
    mistakes += [f"{path}:1: the column {name} is there twice" for name in COLUMNS
                 if header.count(name) > 1]
    if mistakes:
        raise Mistakes("\n".join(mistakes))


def read_rows(path):
    """All rows of the CSV. Raises Mistakes, all that there are."""
    rows, lines, mistakes = [], {}, []
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, [])
            check_header(path, header)
            for values in reader:
                cells = dict(zip(header, values))
                mistake = (f"{len(values)} cells where {len(header)} belong"
                           if len(values) != len(header) else mistake_in(cells))
                if mistake:
                    mistakes.append(f"{path}:{reader.line_num}: {mistake}")
                    continue
                row = row_of(cells)
                if lines.setdefault(key(row), reader.line_num) != reader.line_num:
                    mistakes.append(f"{path}:{reader.line_num}: {row.country} is in line "
                                    f"{lines[key(row)]}, with the same carrier and number type")
                rows.append(row)
        except csv.Error as error:
            mistakes.append(f"{path}:{reader.line_num}: {error}")
    if mistakes:
        raise Mistakes("\n".join(mistakes))
    return rows


def chosen(path, rows, options):
    """The rows that the options keep, with the carriers that the list names, in their order."""
    def keep(what, field, wanted):
        for value in wanted:
            if value not in {getattr(row, field) for row in rows}:
                raise Mistakes(f"{path}: there is no price {what} {value}")
        return [row for row in rows if not wanted or getattr(row, field) in wanted]

    rows = keep("of the carrier", "carrier", options.carrier)
    rows = keep("for the country", "country", options.countries)
    names = dict(options.names)  # None: of all carriers that are not named
    keep("of the carrier", "carrier", [name for name in names if name is not None])
    carriers = {row.carrier: names.get(row.carrier, names.get(None, row.carrier)) for row in rows}
    if len(set(carriers.values())) < len(carriers):
        raise Mistakes("--as gives one name to the prices of several carriers: choose one of "
                       + ", ".join(sorted(carriers)) + " with --carrier")
    return sorted((row._replace(carrier=carriers[row.carrier]) for row in rows), key=key)


def text(value):
    return json.dumps(value, ensure_ascii=False)  # a TOML string takes the same escapes


def comment(*paragraphs):
    return [line for paragraph in paragraphs for line in textwrap.wrap(
        paragraph, 98, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)]


def opening(rows, left_out):
    newest, oldest = max(row.date for row in rows), min(row.date for row in rows)
    lines = comment(
        "List prices of one SMS part in US dollars, without taxes and the rent of numbers, seen "
        f"from {oldest} to {newest}. Prices rise: compare the list with your carrier's after some "
        "months. What is uncertain is said in reference/README.md.")
    if left_out:
        lines += comment("Not in the list, because these have no phone numbers of their own: "
                         + ", ".join(left_out) + ".")
    return lines + ["#", "# Made by:",
                    "# tools/price_list.py" + "".join(" " + shlex.quote(a) for a in sys.argv[1:])]


def price_list(rows):
    """The list in TOML. Date and source that most rows have stand once, in the first lines."""
    left_out = sorted({row.country for row in rows} & WITHOUT_NUMBERS)
    rows = [row for row in rows if row.country not in WITHOUT_NUMBERS]
    if not rows:
        raise Mistakes("no price is left for the list")
    origins = collections.Counter((row.date, row.source) for row in rows)
    common_date, common_source = max(sorted(origins), key=origins.get)
    lines = opening(rows, left_out)
    lines += ["", f"date = {text(common_date)}", f"source = {text(common_source)}"]
    for row in rows:
        lines += ["", "[[price]]", f"country = {text(row.country)}"]
        lines += [f"{name} = {text(value)}" for name, value in
                  (("carrier", row.carrier), ("network", row.network), ("per_part", row.per_part),
                   ("fee", row.fee)) if value]
        if row.date != common_date:
            lines.append(f"date = {text(row.date)}")
        if row.source != common_source:
            lines.append(f"source = {text(row.source)}")
    return "\n".join(lines) + "\n"


def read_options():
    def names(value):
        carrier, equals, name = value.rpartition("=")
        return (carrier, name) if equals else (None, name)

    def countries(value):
        return [code.strip() for code in value.split(",") if code.strip()]

    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--carrier", action="append", default=[], metavar="NAME",
                        help="keep the rows of this carrier; may be given again")
    parser.add_argument("--as", action="append", default=[], type=names, dest="names",
                        metavar="[CARRIER=]NAME",
                        help="write this carrier instead, of all rows or of one carrier's; empty: "
                             "no carrier, the price holds for any")
    parser.add_argument("--countries", default=[], type=countries, metavar='"DE, AT"',
                        help="keep the rows of these countries")
    parser.add_argument("csv", nargs="?", default=str(ROOT / "reference/prices.csv"), metavar="CSV",
                        help="instead of reference/prices.csv")
    return parser.parse_args()


def main():
    options = read_options()
    try:
        rows = chosen(options.csv, read_rows(options.csv), options)
        print(price_list(rows), end="")
    except Mistakes as mistakes:
        sys.exit(str(mistakes))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{options.csv}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}")


if __name__ == "__main__":
    main()
