#!/bin/bash
# tools/release.sh [--dry-run] VERSION: cuts a release of this branch, main, as VERSION (such as
# 1.4.0). It sets the version in CMakeLists.txt, turns the "Unreleased" section of CHANGELOG.md into
# that of the version, commits both and tags the commit as vVERSION. It pushes nothing. With
# --dry-run it checks the same and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

usage="usage: tools/release.sh [--dry-run] VERSION"
build_file=CMakeLists.txt
changelog=CHANGELOG.md
unreleased="## [Unreleased]"

refuse() {
  echo "tools/release.sh: $1" >&2
  exit 1
}

# Sets dry_run and version.
read_words() {
  dry_run=no version=""
  local word
  for word in "$@"; do
    case "$word" in
      --dry-run) dry_run=yes ;;
      --help) echo "$usage"; exit 0 ;;
      -*) echo "$usage" >&2; exit 2 ;;
      *) if [ -n "$version" ]; then echo "$usage" >&2; exit 2; fi
         version="$word" ;;
    esac
  done
  if [ -z "$version" ]; then echo "$usage" >&2; exit 2; fi
}

# MAJOR.MINOR.PATCH of Semantic Versioning. CMake's project() can't hold its "-rc.1".
is_version() { [[ "$1" =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]]; }

version_of_the_build() {
  sed -nE 's/^project\(postrider VERSION ([0-9.]+) .*/\1/p' "$build_file"
}

is_newer() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }

# The lines below the heading, up to the next version's.
unreleased_entries() {
  awk -v heading="$unreleased" '
    $0 == heading { inside = 1; next }
    /^## / { inside = 0 }
    inside' "$changelog"
}

check_version() {
  is_version "$version" || refuse "\"$version\" is no version such as 1.4.0 (semver.org)"
  local current
  current="$(version_of_the_build)"
  is_version "$current" || refuse "$build_file has no line \"project(postrider VERSION 1.4.0 …\""
  is_newer "$version" "$current" || refuse "$version is not newer than $current in $build_file"
  if git rev-parse -q --verify "refs/tags/v$version" > /dev/null; then
    refuse "the tag v$version is there already"
  fi
}

check_tree() {
  local branch
  branch="$(git symbolic-ref -q --short HEAD || echo "no branch")"
  [ "$branch" = main ] || refuse "a release is cut on main, and this is $branch"
  [ -z "$(git status --porcelain)" ] || refuse "the tree is not clean: see git status"
}

check_changelog() {
  grep -qxF "$unreleased" "$changelog" || refuse "$changelog has no line \"$unreleased\""
  entries="$(unreleased_entries | grep -c '^- ' || true)"
  [ "$entries" -gt 0 ] ||
    refuse "$changelog has no entry below \"$unreleased\": what is new in $version?"
}

write_files() {
  sed -i -E "s/^(project\(postrider VERSION )[0-9.]+ /\1$version /" "$build_file" &&
    sed -i "s/^## \[Unreleased\]\$/&\n\n## [$version] - $today/" "$changelog"
}

cut_release() {
  if ! { write_files && git commit -q -m "Release $version" -- "$build_file" "$changelog"; }; then
    git checkout -q HEAD -- "$build_file" "$changelog"
    refuse "could not commit, see above; both files are as they were"
  fi
  git tag -a "v$version" -m "Postrider $version" ||
    refuse "the release is committed but not tagged: git tag -a v$version"
}

read_words "$@"
check_version
check_tree
check_changelog
today="$(date -u +%F)"
if [ "$dry_run" = yes ]; then
  cat << END
tools/release.sh $version would
  set the version in $build_file from $(version_of_the_build) to $version
  put the heading "[$version] - $today" above the $entries unreleased entries in $changelog
  commit both as "Release $version" and tag the commit as v$version
END
  exit 0
fi
cut_release
echo "Version $version is committed and tagged. To publish it: git push --follow-tags origin main"
