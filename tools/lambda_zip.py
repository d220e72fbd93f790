#!/usr/bin/env python3
"""tools/lambda_zip.py ARCHITECTURE: packs the functions that build/lambda-ARCHITECTURE holds into
zips for AWS Lambda (provided.al2023). In each: `bootstrap`, the libraries it needs with their
loader, and the authorities that sign AWS's certificates. The same input makes the same zip."""

import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FUNCTIONS = {"order-processor": "postrider-lambda-orders", "sms-sender": "postrider-lambda",
             "delivery-tracker": "postrider-lambda", "email-fallback": "postrider-lambda",
             "sweeper": "postrider-lambda"}
MIB = 1024 * 1024
LIMITS = {"order-processor": 25 * MIB}
LIMIT = 8 * MIB

# x86-64 is where users of `make lambda` look first; the other one lies in a folder beside it.
ARCHITECTURES = {
    "x86-64": {"tools": "", "system": pathlib.Path("/"), "triplet": "x86_64-linux-gnu",
               "loader": "ld-linux-x86-64.so.2", "zips": ROOT / "build/lambda"},
    "arm64": {"tools": "aarch64-linux-gnu-", "system": ROOT / "build/arm64",
              "triplet": "aarch64-linux-gnu", "loader": "ld-linux-aarch64.so.1",
              "zips": ROOT / "build/lambda/arm64"}}

# AWS's endpoints are signed by Amazon Trust Services, whose roots are these. Source:
# https://www.amazontrust.com/repository, "Root CAs", as of 24 November 2026 in Debian's
# ca-certificates. All of Debian's would make each start longer.
AUTHORITIES = ["Amazon_Root_CA_1", "Amazon_Root_CA_2", "Amazon_Root_CA_3", "Amazon_Root_CA_4",
               "Starfield_Services_Root_Certificate_Authority_-_G2"]

# Of ICU's data: what no text and no country's name leads to. Numbers, dates, plurals, spelled-out
# numbers and the borders of characters stay, for all languages.
ICU_LEFT_OUT = re.compile(r"(coll|lang|translit|unit)/|.*\.(cnv|spp|cfu)$|"
                          r"(unames|cnvalias)\.icu$")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Architecture:
    def __init__(self, name):
        self.name = name
        self.__dict__.update(ARCHITECTURES[name])
        self.programs = ROOT / f"build/lambda-{name}"

    def tool(self, name, *arguments):
        return run(self.tools + name, *arguments)

    def find(self, library):
        for folder in (f"lib/{self.triplet}", f"usr/lib/{self.triplet}", "lib", "lib64"):
            path = self.system / folder / library
            if path.exists():
                return path
        sys.exit(f"tools/lambda_zip.py: {library} for {self.name} is not under {self.system}")

    def needed(self, file):
        return re.findall(r"\(NEEDED\).*\[(.*)\]", self.tool("readelf", "-dW", str(file)))

    def closure(self, program):
        """The libraries that `program` needs, by name, with the loader."""
        found, left = {}, [self.loader, *self.needed(program)]
        while left:
            library = left.pop()
            if library not in found:
                found[library] = self.find(library)
                left += self.needed(found[library])
        return found

    def trimmed_icu(self, library, work):
        """ICU's data library without what no text needs."""
        symbol = re.search(r"\b(icudt\d+)_dat$",
                           self.tool("readelf", "-W", "--dyn-syms", str(library)), re.M).group(1)
        # The name of a package is part of its content: both have to be called the same.
        whole, list_ = work / f"{symbol}l.dat", work / "left_out.txt"
        trimmed = work / "trimmed" / whole.name
        trimmed.parent.mkdir()
        self.tool("objcopy", "-O", "binary", "--only-section=.rodata", str(library), str(whole))
        names = [n for n in run("icupkg", "-l", str(whole)).split() if ICU_LEFT_OUT.match(n)]
        list_.write_text("\n".join(names) + "\n")
        run("icupkg", "-r", str(list_), str(whole), str(trimmed))
        source, made = work / "data.s", work / library.name
        source.write_text(f'.section .rodata\n.balign 16\n.globl {symbol}_dat\n'
                          f'.type {symbol}_dat, %object\n{symbol}_dat:\n.incbin "{trimmed}"\n'
                          f'.size {symbol}_dat, . - {symbol}_dat\n'
                          '.section .note.GNU-stack,"",%progbits\n')
        self.tool("g++", "-shared", "-nostdlib", "-Wl,--build-id=none",
                  f"-Wl,-soname,{library.name}", "-o", str(made), str(source))
        return made

    def stripped(self, file, work):
        made = work / file.name
        self.tool("strip", "--strip-unneeded", "-o", str(made), str(file))
        return made

    def content(self, program, work):
        """What a zip holds: name → file."""
        files = {"bootstrap": self.stripped(self.programs / program, work)}
        for name, path in self.closure(files["bootstrap"]).items():
            icu_data = name.startswith("libicudata.so")
            files[f"lib/{name}"] = self.trimmed_icu(path, work) if icu_data else path
        authorities = work / "authorities.pem"
        folder = pathlib.Path("/usr/share/ca-certificates/mozilla")
        authorities.write_text("".join((folder / f"{a}.crt").read_text() for a in AUTHORITIES))
        files["authorities.pem"] = authorities
        return files


def pack(path, files):
    """Without the files' times and owners."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o644 if name.endswith(".pem") else 0o755) << 16
            archive.writestr(entry, files[name].read_bytes(), compresslevel=9)


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in ARCHITECTURES:
        sys.exit(__doc__)
    architecture = Architecture(sys.argv[1])
    for program in set(FUNCTIONS.values()):
        path = architecture.programs / program
        if not path.exists():
            sys.exit(f"tools/lambda_zip.py: {path} is missing: make lambda")
    architecture.zips.mkdir(parents=True, exist_ok=True)
    packed = {}
    with tempfile.TemporaryDirectory() as work:
        for function, program in FUNCTIONS.items():
            zip_ = architecture.zips / f"{function}.zip"
            if program not in packed:
                pack(zip_, architecture.content(program, pathlib.Path(work)))
                packed[program] = zip_.read_bytes()
            zip_.write_bytes(packed[program])
            size, limit = zip_.stat().st_size, LIMITS.get(function, LIMIT)
            print(f"  {zip_.relative_to(ROOT)!s:40} {size / MIB:5.1f} MiB")
            if size > limit:
                sys.exit(f"{zip_}: more than {limit // MIB} MiB")


if __name__ == "__main__":
    main()
