"""tools/setup.sh beside a package manager that holds apt's locks, as on a cloud machine that is
updating itself after its first start. apt-get is played by a script with apt 2.6's own words;
nothing is installed."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
APT_GET = """#!/bin/bash
echo "$@" >> {folder}/calls
left=$(cat {folder}/locked)
if [ "$left" -gt 0 ]; then
  echo $((left - 1)) > {folder}/locked
  echo "E: {message}. It is held by process 4711 (unattended-upgr)" >&2
  exit 100
fi
exit {code}
"""
LISTS = "Could not get lock /var/lib/apt/lists/lock"
DPKG = "Could not get lock /var/lib/dpkg/lock-frontend"


class Setup(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postrider-setup-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "tools").mkdir()
        shutil.copy(ROOT / "tools/setup.sh", self.folder / "tools")
        (self.folder / "tools/packages").write_text(
            "build postrider-missing-a # a\nbuild postrider-missing-b # b\n")

    def run_setup(self, locked=0, message=LISTS, code=0, patience="60"):
        (self.folder / "locked").write_text(f"{locked}\n")
        programs = {"apt-get": APT_GET.format(folder=self.folder, message=message, code=code),
                    "id": "#!/bin/sh\necho 0\n"}  # as root, whoever runs the tests
        for name, text in programs.items():
            path = self.folder / name
            path.write_text(text)
            path.chmod(0o755)
        done = subprocess.run(
            ["bash", self.folder / "tools/setup.sh", "build"], text=True, capture_output=True,
            timeout=60, env=os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}",
                                          "POSTRIDER_LOCK_PAUSE": "1",
                                          "POSTRIDER_LOCK_PATIENCE": patience})
        calls = (self.folder / "calls").read_text().splitlines()
        return done, calls

    def test_says_what_it_installs(self):
        done, calls = self.run_setup()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Installing 2 packages: postrider-missing-a postrider-missing-b", done.stdout)
        self.assertEqual(len(calls), 2, "one update, one install")

    def test_waits_for_the_lock_and_says_who_holds_it(self):
        for message in (LISTS, DPKG):
            with self.subTest(message):
                (self.folder / "calls").unlink(missing_ok=True)
                done, calls = self.run_setup(locked=2, message=message)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("waiting for another package manager", done.stdout)
                self.assertIn("held by process 4711", done.stdout)
                self.assertEqual(len(calls), 4, "two refused, one update, one install")

    def test_gives_up_in_the_end_and_shows_why(self):
        done, _ = self.run_setup(locked=99, patience="2")
        self.assertEqual(done.returncode, 1)
        self.assertIn(LISTS, done.stderr)

    def test_another_failure_is_shown_at_once(self):
        done, calls = self.run_setup(code=100)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(calls), 1)
        self.assertIn("postrider-missing-a", done.stderr)


if __name__ == "__main__":
    unittest.main()
