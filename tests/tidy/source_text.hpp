// C++ text as the tidy rules need it: without comments and literals, cut into functions. No parser:
// it knows just enough for sources that clang-format has laid out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postrider::tidy {

/// Comments, literals and preprocessor lines become spaces; line breaks stay where they are.
std::string blank_out(std::string_view source);

struct Function {
  std::string head;  // what stands before its body, on one line
  int first_line = 0;
  int last_line = 0;
  int lines() const { return last_line - first_line + 1; }
};

/// Every function that has a body, lambdas within one counting as part of it.
std::vector<Function> functions_in(std::string_view source);

std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace postrider::tidy
