// Readers of request targets: percent-decoding (RFC 3986 §2.1) and the parameters of queries. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postrider::adapters::http {

/// The decoded text; nullopt for a broken escape, an encoded NUL, or a text that is not UTF-8 after
/// decoding. `plus`: '+' means a space, as in queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus);

/// True for well-formed UTF-8 (Unicode table 3-7).
bool is_utf8(std::string_view text);

/// The parameters of a query, decoded, each name once.
class Query {
 public:
  /// The value of the parameter; nullptr when the query has no such parameter.
  const std::string* find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return parameters_; }

 private:
  friend std::optional<Query> parse_query(std::string_view text);
  std::vector<std::pair<std::string, std::string>> parameters_;
};

/// Reads a query; nullopt for a broken escape, a repeated name, or more than 16 parameters.
std::optional<Query> parse_query(std::string_view text);

}  // namespace postrider::adapters::http
