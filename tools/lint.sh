#!/bin/bash
# clang-tidy over every source in src/, two at a time; the checks are in .clang-tidy.
# tools/lint.sh [FILE …] looks at these only.
set -euo pipefail
cd "$(dirname "$0")/.."

# A build folder of its own: clang can't read the precompiled headers that g++ made.
cmake --preset test -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > build/lint.log 2>&1 ||
  { cat build/lint.log >&2; exit 1; }

if [ $# -gt 0 ]; then
  files="$(printf '%s\n' "$@")"
else
  files="$(find src -name '*.cpp' | sort)"
fi
echo "clang-tidy: $(echo "$files" | wc -l) files"
echo "$files" | xargs -P 2 -n 1 clang-tidy -p build/lint --quiet 2> build/lint.log ||
  { grep -v ' warnings generated' build/lint.log >&2; exit 1; }
