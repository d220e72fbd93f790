#include "domain/intake/status.hpp"

#include <array>
#include <utility>

namespace postrider::domain {
namespace {

struct Spelling {
  std::string_view other, usual;
};

// American and British spellings of the words of order statuses. A new line joins the identities of
// two spellings from then on; a line that is taken out parts them.
constexpr std::array spellings{
    Spelling{"canceled", "cancelled"},         Spelling{"canceling", "cancelling"},
    Spelling{"cancelation", "cancellation"},   Spelling{"despatched", "dispatched"},
    Spelling{"despatch", "dispatch"},          Spelling{"fulfilment", "fulfillment"},
    Spelling{"labeled", "labelled"},           Spelling{"authorised", "authorized"},
    Spelling{"authorisation", "authorization"}};

bool is_separator(char c) { return c == '_' || c == '.' || c == '-'; }

/// `status` with `to(word)` for each of its words.
template <class To>
std::string with_words(std::string_view status, To to) {
  std::string result;
  result.reserve(status.size() + 2);
  while (!status.empty()) {
    std::size_t end = 0;
    while (end < status.size() && !is_separator(status[end])) ++end;
    result += to(status.substr(0, end));
    if (end < status.size()) result += status[end++];
    status.remove_prefix(end);
  }
  return result;
}

}  // namespace

Priority priority_of(std::string_view given) {
  const auto usual = usual_spelling(given);
  std::string_view status{usual};
  constexpr std::string_view order = "order";
  if (status.starts_with(order) && status.size() > order.size() &&
      is_separator(status[order.size()]))
    status.remove_prefix(order.size() + 1);
  const bool urgent = status == "cancelled" || status == "refunded" || status == "failed";
  return urgent ? Priority::high : Priority::normal;
}

std::string usual_spelling(std::string_view status) {
  return with_words(status, [](std::string_view word) {
    for (const auto& s : spellings)
      if (s.other == word) return s.usual;
    return word;
  });
}

std::vector<std::string> other_spellings(std::string_view status) {
  std::vector<std::string> others;
  for (const auto& s : spellings) {
    if (status.find(s.usual) == status.npos) continue;  // most statuses have no other spelling
    auto other = with_words(
        status, [&s](std::string_view word) { return s.usual == word ? s.other : word; });
    if (other != status) others.push_back(std::move(other));
  }
  return others;
}

}  // namespace postrider::domain
