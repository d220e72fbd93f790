#!/bin/bash
# clang-tidy over the sources, two at a time; the checks are in .clang-tidy. Of src/programs only
# the classes that have a lock, because its headers alone take as long as all the rest:
# `tools/lint.sh FILE …` looks at any file.
set -euo pipefail
cd "$(dirname "$0")/.."

# A build folder of its own: clang can't read the precompiled headers that g++ made.
folder=build/lint
cmake --preset test -B $folder -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > build/lint.log 2>&1 ||
  { cat build/lint.log >&2; exit 1; }

# Each source by itself: read in groups they take a third of the time, but files of a group would
# have to differ in their private names.
sources() {
  find src tests/doubles -name '*.cpp' -not -path 'src/programs/*'
  grep -rl 'concurrency::' src/programs | sed 's/\.hpp$/.cpp/'
  local header
  for header in tests/doubles/*.hpp; do
    [ -e "${header%.hpp}.cpp" ] || echo "$header"
  done
}
if [ $# -gt 0 ]; then
  files="$(printf '%s\n' "$@")"
else
  files="$(sources | sort -u)"
fi
echo "clang-tidy: $(echo "$files" | wc -l) files"

# clang 14 has C++20's coroutines but does not say so, and Asio 1.74 would hide its own; and clang's
# idea of -Wconversion is not g++'s, so only the checks of .clang-tidy are errors. -Wthread-safety
# compares the locks with what src/concurrency/annotations.hpp says of them.
arguments=(-Wno-error -Wthread-safety -D__cpp_impl_coroutine=201902L
  -DBOOST_ASIO_HAS_CO_AWAIT -DBOOST_ASIO_HAS_STD_COROUTINE)
echo "$files" | xargs -P 2 -n 1 clang-tidy -p $folder --quiet "${arguments[@]/#/--extra-arg=}" \
  2> build/lint.log || { grep -v ' generated\.$' build/lint.log >&2; exit 1; }
