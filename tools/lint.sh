#!/bin/bash
# clang-tidy over the sources, two at a time; the checks are in .clang-tidy. src/programs is left
# out because its headers alone take as long as all the rest: `tools/lint.sh FILE …` looks at any
# file.
set -euo pipefail
cd "$(dirname "$0")/.."

# A build folder of its own: clang can't read the precompiled headers that g++ made. All sources are
# read in groups that share the reading of their headers.
folder=build/lint groups=ON
if [ $# -gt 0 ]; then folder=build/lint-files groups=OFF; fi
cmake --preset test -B $folder -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_UNITY_BUILD=$groups \
  -DCMAKE_UNITY_BUILD_BATCH_SIZE=8 > build/lint.log 2>&1 || { cat build/lint.log >&2; exit 1; }

if [ $# -gt 0 ]; then
  files="$(printf '%s\n' "$@")"
  echo "clang-tidy: $# files"
else
  files="$(grep -o '"file": "[^"]*/src/[^"]*"' $folder/compile_commands.json | cut -d '"' -f 4 |
    grep -v '/programs/' | sort)"
  echo "clang-tidy: all but src/programs, in $(echo "$files" | wc -l) groups"
fi

# clang 14 has C++20's coroutines but does not say so, and Asio 1.74 would hide its own; and clang's
# idea of -Wconversion is not g++'s, so only the checks of .clang-tidy are errors.
arguments=(-Wno-error -D__cpp_impl_coroutine=201902L
  -DBOOST_ASIO_HAS_CO_AWAIT -DBOOST_ASIO_HAS_STD_COROUTINE)
echo "$files" | xargs -P 2 -n 1 clang-tidy -p $folder --quiet "${arguments[@]/#/--extra-arg=}" \
  2> build/lint.log || { grep -v ' generated\.$' build/lint.log >&2; exit 1; }
