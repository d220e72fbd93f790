#!/bin/bash
# clang-tidy over the sources, two at a time; the checks are in .clang-tidy. src/programs is left
# out because its headers alone take as long as all the rest: `tools/lint.sh FILE …` looks at any
# file.
set -euo pipefail
cd "$(dirname "$0")/.."

# A build folder of its own: clang can't read the precompiled headers that g++ made.
cmake --preset test -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > build/lint.log 2>&1 ||
  { cat build/lint.log >&2; exit 1; }

if [ $# -gt 0 ]; then
  files="$(printf '%s\n' "$@")"
else
  files="$(find src -path src/programs -prune -o -name '*.cpp' -print | sort)"
fi
echo "clang-tidy: $(echo "$files" | wc -l) files"

# clang 14 has C++20's coroutines but does not say so, and Asio 1.74 would hide its own; and clang's
# idea of -Wconversion is not g++'s, so only the checks of .clang-tidy are errors.
arguments=(-Wno-error -D__cpp_impl_coroutine=201902L
  -DBOOST_ASIO_HAS_CO_AWAIT -DBOOST_ASIO_HAS_STD_COROUTINE)
echo "$files" | xargs -P 2 -n 1 clang-tidy -p build/lint --quiet "${arguments[@]/#/--extra-arg=}" \
  2> build/lint.log || { grep -v ' generated\.$' build/lint.log >&2; exit 1; }
