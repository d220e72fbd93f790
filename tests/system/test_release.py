"""tools/release.sh, in a clone of a small repository that holds the files it touches: needs git and
no network, and leaves this tree alone."""

import datetime
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ("tools/release.sh", "CMakeLists.txt", "CHANGELOG.md")
CHANGELOG = """# Changelog

## [Unreleased]

### Added
- Orders by pigeon.

### Fixed
- The pigeon finds home.

## [1.2.3] - 2026-01-31

### Added
- Orders by post.
"""


class Release(unittest.TestCase):

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="postrider-release-")
        self.addCleanup(shutil.rmtree, folder)
        # Neither the settings nor the hooks of whoever runs the tests.
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("GIT_")}
        self.environment |= {"HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
        for who in ("AUTHOR", "COMMITTER"):
            self.environment |= {f"GIT_{who}_NAME": "Releaser",
                                 f"GIT_{who}_EMAIL": "releaser@example.org"}
        origin = pathlib.Path(folder, "origin")
        for name in FILES:
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, origin / name)
        build = (origin / "CMakeLists.txt").read_text()
        self.project = next(line for line in build.splitlines() if line.startswith("project("))
        as_it_is = self.project
        self.project = as_it_is.replace(as_it_is.split()[2], "1.2.3")
        (origin / "CMakeLists.txt").write_text(build.replace(as_it_is, self.project))
        (origin / "CHANGELOG.md").write_text(CHANGELOG)
        self.tree = origin
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "All")
        self.tree = pathlib.Path(folder, "clone")
        subprocess.run(["git", "clone", "-q", origin, self.tree], check=True, env=self.environment)

    def git(self, *words):
        done = subprocess.run(["git", *words], cwd=self.tree, env=self.environment, check=True,
                              stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def release(self, *words):
        # From another folder: the script finds its own tree.
        return subprocess.run([self.tree / "tools/release.sh", *words], cwd="/", text=True,
                              env=self.environment, capture_output=True)

    def read(self, name):
        return (self.tree / name).read_text()

    def write_and_commit(self, name, text):
        (self.tree / name).write_text(text)
        self.git("commit", "-q", "-a", "-m", "Change")

    def assert_refused(self, why, *words):
        before = self.git("rev-parse", "HEAD"), self.git("status", "--porcelain"), self.git("tag")
        done = self.release(*words)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(why, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        after = self.git("rev-parse", "HEAD"), self.git("status", "--porcelain"), self.git("tag")
        self.assertEqual(after, before)

    def test_cuts_commits_and_tags(self):
        days = {datetime.datetime.now(datetime.timezone.utc).date().isoformat()}
        done = self.release("1.3.0")
        days.add(datetime.datetime.now(datetime.timezone.utc).date().isoformat())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.project.replace("1.2.3", "1.3.0"), self.read("CMakeLists.txt"))
        heading = "## [Unreleased]\n\n## [1.3.0] - {}\n"
        self.assertIn(self.read("CHANGELOG.md"),
                      {CHANGELOG.replace("## [Unreleased]\n", heading.format(day)) for day in days})
        self.assertEqual(self.git("log", "-1", "--format=%s"), "Release 1.3.0")
        self.assertEqual(self.git("diff", "--name-only", "HEAD~1", "HEAD").split(),
                         ["CHANGELOG.md", "CMakeLists.txt"])
        self.assertEqual(self.git("cat-file", "-t", "v1.3.0"), "tag")
        self.assertEqual(self.git("rev-parse", "v1.3.0^{commit}"), self.git("rev-parse", "HEAD"))
        self.assertEqual(self.git("status", "--porcelain"), "")

    def test_cuts_only_its_own_line_of_the_build_file(self):
        before = self.read("CMakeLists.txt")
        self.assertEqual(self.release("2.0.0").returncode, 0)
        self.assertEqual(self.read("CMakeLists.txt"), before.replace("1.2.3", "2.0.0", 1))

    def test_compares_versions_as_numbers(self):
        self.assertEqual(self.release("1.2.10").returncode, 0)
        self.assert_refused("not newer than 1.2.10", "1.2.9")

    def test_a_second_release_needs_entries_of_its_own(self):
        self.assertEqual(self.release("1.3.0").returncode, 0)
        self.assert_refused("no entry below", "1.4.0")
        text = self.read("CHANGELOG.md")
        self.write_and_commit("CHANGELOG.md", text.replace("[Unreleased]\n", "[Unreleased]\n- x\n"))
        self.assertEqual(self.release("1.4.0").returncode, 0)
        headings = [line for line in self.read("CHANGELOG.md").splitlines() if line[:3] == "## "]
        self.assertEqual([heading.split()[1] for heading in headings],
                         ["[Unreleased]", "[1.4.0]", "[1.3.0]", "[1.2.3]"])

    def test_dry_run_changes_nothing_and_says_what_it_would_do(self):
        before = self.git("rev-parse", "HEAD")
        done = self.release("--dry-run", "1.3.0")
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in ("from 1.2.3 to 1.3.0", "[1.3.0] - ", "2 unreleased entries", "v1.3.0"):
            self.assertIn(part, done.stdout)
        self.assertEqual(self.git("rev-parse", "HEAD"), before)
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertEqual(self.git("tag"), "")

    def test_refuses_what_is_no_newer_version(self):
        for version in ("1.2.3", "1.2.2", "0.9.9"):
            self.assert_refused("not newer than 1.2.3", version)
        for version in ("1.3", "v1.3.0", "1.3.0-rc.1", "01.3.0", "1.3.0 ", "latest"):
            self.assert_refused("is no version", version)

    def test_refuses_a_dirty_tree(self):
        with open(self.tree / "CHANGELOG.md", "a") as file:
            file.write("- more\n")
        self.assert_refused("not clean", "1.3.0")
        self.assert_refused("not clean", "--dry-run", "1.3.0")
        self.git("checkout", "-q", "CHANGELOG.md")
        (self.tree / "new.txt").write_text("not added\n")
        self.assert_refused("not clean", "1.3.0")

    def test_refuses_another_branch(self):
        self.git("checkout", "-q", "-b", "feature")
        self.assert_refused("feature", "1.3.0")
        self.git("checkout", "-q", "--detach", "main")
        self.assert_refused("no branch", "1.3.0")

    def test_refuses_a_tag_that_is_there(self):
        self.git("tag", "v1.3.0")
        self.assert_refused("v1.3.0 is there already", "1.3.0")

    def test_refuses_a_changelog_without_the_section(self):
        self.write_and_commit("CHANGELOG.md", CHANGELOG.replace("[Unreleased]", "[Next]"))
        self.assert_refused("no line", "1.3.0")

    def test_a_commit_that_fails_leaves_the_files_as_they_were(self):
        hook = self.tree / ".git/hooks/pre-commit"
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        self.assert_refused("both files are as they were", "1.3.0")

    def test_explains_its_usage(self):
        for words in ((), ("1.3.0", "1.4.0"), ("--force", "1.3.0")):
            done = self.release(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage:", done.stderr)

    def test_the_project_s_own_files_can_be_released(self):
        (self.tree / "CHANGELOG.md").write_text((ROOT / "CHANGELOG.md").read_text())
        self.git("commit", "-q", "-a", "--allow-empty", "-m", "The real one")
        done = self.release("--dry-run", "1.3.0")
        text = (ROOT / "CHANGELOG.md").read_text()
        released = text.split("## [Unreleased]\n")[1].lstrip().startswith("## ")
        # Right after a release the section is empty, which is what the script says then.
        self.assertEqual(done.returncode, 1 if released else 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
