// Built-in texts and a shop's own, merged, parsed and checked. For templates.cpp alone.
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

struct Texts {
  std::string version;  // "de/shipped/1a2b3c4d"
  ShopText patterns;    // as merged
  bool own = false;     // some of it is the shop's
  MessageText sms;
  std::optional<MessageText> sms_with_link;
  MessageText subject;
  MessageText email;
  std::optional<MessageText> email_with_link;
};

struct LocaleTexts {
  std::string locale;  // folded: lower case, '-'
  std::map<std::string, Texts, std::less<>> by_status;
};

/// "pt-br" → "pt" → "".
std::string_view without_last_subtag(std::string_view tag);

using RulesByLocale = std::map<std::string, ReplacementRules, std::less<>>;
/// Those of the locale, else of the language, else the usual ones.
const ReplacementRules& rules_for(const RulesByLocale& rules, std::string_view locale);

class TextBuilder {
 public:
  /// Both outlive it. What is wrong is added to `problems`.
  TextBuilder(const ShopTexts& own, std::vector<TextProblem>& problems);

  /// All locales, each with a general text. Only of use where there are no problems.
  void build(std::vector<LocaleTexts>& locales);

 private:
  using Letters = std::map<std::string, ShopLetter, std::less<>>;
  using Merged = std::map<std::string, std::map<std::string, ShopText, std::less<>>, std::less<>>;

  void merge();
  std::optional<Texts> parse_all(const ShopText& text);
  std::optional<MessageText> parse(const ShopText& text, const char* field,
                                   const std::string& pattern, bool has_link);
  void check_length(const ShopText& text, const char* field, const MessageText& sms);
  bool is_own(const ShopText& text) const;
  std::string letter(const ShopText& text, const std::string& words) const;
  void complain(const ShopText& text, const char* field, std::string what);

  const ShopTexts& own_;
  std::vector<TextProblem>& problems_;
  std::map<std::string, std::string, std::less<>> samples_;
  Letters letters_;
  Merged merged_;
};

}  // namespace postrider::message
