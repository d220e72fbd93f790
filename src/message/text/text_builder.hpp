// The builder of Templates: merges the built-in texts and a shop's own, parses and checks them. For
// templates.cpp alone, and for one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/text/message_text.hpp"
#include "message/text/templates.hpp"

namespace postrider::message {

inline constexpr std::string_view general_status = "other";

/// The parsed texts of one locale and status.
struct StatusTexts {
  std::string version;  // "de/shipped/1a2b3c4d"
  ShopText patterns;    // as merged
  bool own = false;     // at least one pattern is the shop's
  MessageText sms;
  std::optional<MessageText> sms_with_link;
  MessageText subject;
  MessageText email;
  std::optional<MessageText> email_with_link;
};

struct LocaleTexts {
  std::string locale;  // folded: lower case, '-'
  std::map<std::string, StatusTexts, std::less<>> by_status;
};

/// `tag` without its last subtag: "pt-br" → "pt" → "".
std::string_view without_last_subtag(std::string_view tag);

using RulesByLocale = std::map<std::string, ReplacementRules, std::less<>>;
/// The rules of the locale, else those of its language, else the default ones.
const ReplacementRules& rules_for(const RulesByLocale& rules, std::string_view locale);

class TextBuilder {
 public:
  /// `own` and `problems` must outlive the builder. Every mistake is added to `problems`.
  TextBuilder(const ShopTexts& own, std::vector<TextProblem>& problems);

  /// Adds all locales, each with a text for every other status. After mistakes `locales` is not
  /// complete.
  void build(std::vector<LocaleTexts>& locales);

 private:
  using Letters = std::map<std::string, ShopLetter, std::less<>>;
  using Merged = std::map<std::string, std::map<std::string, ShopText, std::less<>>, std::less<>>;

  void merge();
  std::optional<StatusTexts> parse_all(const ShopText& text);
  /// The end of an error about an unknown value: " (did you mean {order_id}?)", or nothing.
  std::string meant_value(const std::string& name) const;
  std::optional<MessageText> parse(const ShopText& text, const char* field,
                                   const std::string& pattern, bool has_link);
  void check_length(const ShopText& text, const char* field, const MessageText& sms);
  bool is_own(const ShopText& text) const;
  std::string in_letter(const ShopText& text, const std::string& words) const;
  void add_problem(const ShopText& text, const char* field, std::string what);

  const ShopTexts& own_;
  std::vector<TextProblem>& problems_;
  std::map<std::string, std::string, std::less<>> samples_;
  Letters letters_;
  Merged merged_;
};

}  // namespace postrider::message
