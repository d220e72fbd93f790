#!/bin/bash
# The Python of the tests that need a stand-in for AWS: build/venv, which sees the system's packages
# and gets from PyPI what they lack of tests/aws/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=tests/aws/requirements.txt
venv=build/venv

if cmp -s "$wanted" "$venv/installed"; then exit 0; fi
echo "Installing the Python packages of the tests in $venv"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
if ! { python3 -m venv --system-site-packages "$venv" &&
       "$venv/bin/pip" install --disable-pip-version-check -r "$wanted"; } > "$log" 2>&1; then
  cat "$log" >&2
  echo "tools/venv.sh: see above; needs python3-venv and pypi.org (or a mirror: PIP_INDEX_URL)" >&2
  exit 1
fi
cp "$wanted" "$venv/installed"
