#!/bin/bash
# Installs what is missing of tools/packages: tools/setup.sh [build|lambda|test|lint|bench|node].
# Does nothing, and needs no rights, when all is there.
set -euo pipefail

case "${1:-build}" in
  build) groups="build" ;;
  lambda) groups="build lambda" ;;
  test) groups="build lambda test" ;;
  lint) groups="build lambda test lint" ;;
  bench) groups="build lambda bench" ;;
  node) groups="node" ;;
  *) echo "usage: $0 [build|lambda|test|lint|bench|node]" >&2; exit 2 ;;
esac

wanted() {
  local group package rest
  while read -r group package rest; do
    case " $groups " in *" $group "*) echo "$package" ;; esac
  done < "$(dirname "$0")/packages"
}

missing() {
  local package
  for package in $(wanted); do
    case "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)" in
      ii*) ;;
      *) echo "$package" ;;
    esac
  done
}

# Runs apt-get quietly; shows its progress in one line on a terminal, its whole output on failure.
# A machine that updates itself holds apt's locks for minutes after its first start: waits for them.
quietly() {
  local what="$1" log waited=0
  shift
  log="$(mktemp)"
  while true; do
    if [ -t 1 ]; then
      "$@" -o APT::Status-Fd=3 3> >(show_progress "$what") > "$log" 2>&1 && break
    else
      if [ $waited = 0 ]; then echo "$what"; fi
      "$@" > "$log" 2>&1 && break
    fi
    if ! grep -q 'Could not get lock\|Unable to lock\|Unable to acquire the dpkg frontend lock' \
      "$log" || [ $waited -ge "$lock_patience" ]; then
      failed "$log"
    fi
    if [ $waited = 0 ]; then
      echo "  waiting for another package manager: $(grep -m 1 'held by' "$log" || echo 'unknown')"
    fi
    sleep "$lock_pause"
    waited=$((waited + lock_pause))
  done
  if [ -t 1 ]; then printf '\r%-60s\n' "$what: done"; fi
  rm -f "$log"
}

show_progress() {
  local kind rest percent
  while IFS=: read -r kind _ percent rest; do
    case "$kind" in dlstatus | pmstatus) printf '\r%s: %3.0f %% ' "$1" "$percent" ;; esac
  done
}

failed() {
  echo >&2
  cat "$1" >&2
  rm -f "$1"
  echo "tools/setup.sh: apt-get failed, see above; needed: $(echo $packages)" >&2
  exit 1
}

lock_patience="${POSTRIDER_LOCK_PATIENCE:-900}"  # seconds
lock_pause="${POSTRIDER_LOCK_PAUSE:-5}"
packages="$(missing)"
if [ -z "$packages" ]; then exit 0; fi

if [ "$(id -u)" = 0 ]; then
  root=()
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
  root=(sudo -n)
elif command -v sudo > /dev/null && [ -t 0 ]; then
  root=(sudo)  # asks for the password
else
  echo "tools/setup.sh: this user is neither root nor may use sudo, and these are missing:" >&2
  echo "  apt-get install --no-install-recommends $(echo $packages)" >&2
  exit 1
fi

as_root() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

quietly "Reading the package lists" as_root apt-get -q update
echo "Installing $(echo "$packages" | wc -l) packages: $(echo $packages)" | fold -s -w 80
quietly "Installing" \
  as_root apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 install $packages
