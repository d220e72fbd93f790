#!/bin/bash
# Debian's arm64 libraries in build/arm64, for cross-compiling: the group `arm64` of tools/packages
# with all that it needs. The machine's own packages stay as they are; needs no rights.
set -euo pipefail
cd "$(dirname "$0")/.."
root=build/arm64
wanted="$(awk '$1 == "arm64" { print $2 }' tools/packages)"

# A day later there may be newer ones: what is deployed brings its libssl along.
if [ -n "$(find "$root/.packages" -mtime -1 2> /dev/null)" ] &&
   [ "$(cat "$root/.packages")" = "$wanted" ]; then exit 0; fi
echo "Fetching the arm64 libraries into $root"
rm -rf "$root"
apt="$(mktemp -d)"
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$root"
touch "$apt/state/status"
# An apt of its own: the machine's sources and keys, but another architecture and nothing installed.
cat > "$apt/conf" << END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Install-Recommends "0";
APT::Sandbox::User "$(id -un)";
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Log "$apt";
END
export APT_CONFIG="$apt/conf" LC_ALL=C.UTF-8
if ! { apt-get -q update && apt-get -q -y --download-only install $wanted; } > "$apt/log" 2>&1; then
  cat "$apt/log" >&2
  echo "tools/arm64.sh: see above; needs a Debian mirror with arm64 in /etc/apt" >&2
  exit 1
fi
for package in "$apt"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$root" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*'
done
# Links from the root of the file system lead out of this folder.
find "$root" -type l -lname '/*' | while read -r link; do
  ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$root$(readlink "$link")")" "$link"
done
echo "$wanted" > "$root/.packages"
