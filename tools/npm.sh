#!/bin/bash
# The npm packages of the tests that need them, in build/node: what tests/aws/package-lock.json
# names.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=tests/aws/package-lock.json
folder=build/node

if cmp -s "$wanted" "$folder/installed"; then exit 0; fi
if ! command -v npm > /dev/null; then tools/setup.sh node; fi
echo "Installing the npm packages of the tests in $folder"
mkdir -p "$folder"
cp tests/aws/package.json tests/aws/package-lock.json "$folder"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
quietly=(--ignore-scripts --no-audit --no-fund --no-update-notifier)
if ! (cd "$folder" && npm ci "${quietly[@]}") > "$log" 2>&1; then
  cat "$log" >&2
  echo "tools/npm.sh: see above; needs registry.npmjs.org (or npm config set registry URL)" >&2
  exit 1
fi
cp "$wanted" "$folder/installed"
