// Paths and queries of request targets: percent-decoding (RFC 3986 §2.1) and parameters.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postrider::adapters::http {

/// nullopt for a broken escape, an encoded NUL, or what is no UTF-8 when decoded. `plus`: '+' is a
/// space, as in queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus);

bool is_utf8(std::string_view text);

/// The parameters of a query, decoded. A name that comes twice is refused by parse_query().
class Query {
 public:
  /// nullptr when it was not given.
  const std::string* find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return parameters_; }

 private:
  friend std::optional<Query> parse_query(std::string_view text);
  std::vector<std::pair<std::string, std::string>> parameters_;
};

/// nullopt for a broken escape, a repeated name, or more than 16 parameters.
std::optional<Query> parse_query(std::string_view text);

}  // namespace postrider::adapters::http
