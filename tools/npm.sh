#!/bin/bash
# tools/npm.sh SOURCE [FOLDER]: the npm packages that SOURCE/package-lock.json names, in
# FOLDER/node_modules; FOLDER is SOURCE where it is not given.
set -euo pipefail
cd "$(dirname "$0")/.."
source="$1"
folder="${2:-$1}"
wanted="$source/package-lock.json"
installed="$folder/node_modules/installed-package-lock.json"

if cmp -s "$wanted" "$installed"; then exit 0; fi
if ! command -v npm > /dev/null; then tools/setup.sh node; fi
echo "Installing the npm packages of $source in $folder/node_modules"
mkdir -p "$folder"
if [ "$source" != "$folder" ]; then cp "$source/package.json" "$wanted" "$folder"; fi
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
quietly=(--ignore-scripts --no-audit --no-fund --no-update-notifier)
if ! (cd "$folder" && npm ci "${quietly[@]}") > "$log" 2>&1; then
  cat "$log" >&2
  echo "tools/npm.sh: see above; needs registry.npmjs.org (or npm config set registry URL)" >&2
  exit 1
fi
cp "$wanted" "$installed"
