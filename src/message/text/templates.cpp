#include "message/text/templates.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <vector>

#include "message/text/text_builder.hpp"

namespace postrider::message {
namespace {

using domain::Done;
using domain::Result;

constexpr std::string_view subject_start = "Order Update - ";
constexpr std::string_view last_locale = "en";

/// A status as people read it: "ready_for_pickup" → "ready for pickup".
std::string readable(std::string_view status) {
  std::string result{status};
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c == '_' || c == '-' || c == '.'; }, ' ');
  return result;
}

}  // namespace

struct Templates::Set {
  std::vector<LocaleTexts> locales;
  RulesByLocale replacement;

  const LocaleTexts* find(std::string_view folded_locale) const {
    for (const auto& l : locales)
      if (l.locale == folded_locale) return &l;
    return nullptr;
  }

  /// The texts of `locale` or else of its language (pt-BR → pt); nullptr: there are none.
  const LocaleTexts* best(std::string_view locale) const {
    const std::string wanted = folded(locale);
    for (std::string_view tag = wanted; !tag.empty(); tag = without_last_subtag(tag))
      if (const auto* found = find(tag)) return found;
    return nullptr;
  }

  const LocaleTexts& first_of(std::initializer_list<std::string_view> wanted) const {
    for (const auto locale : wanted)
      if (const auto* found = best(locale)) return *found;
    const auto* found = find(last_locale);
    assert(found != nullptr);
    return *found;
  }
};

Templates::Templates(std::unique_ptr<Set> set) : set_{std::move(set)} {}
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;
Templates::~Templates() = default;

Templates Templates::built_in() {
  auto built = with({});
  assert(std::holds_alternative<Templates>(built));  // a test reads all of the table
  return std::get<Templates>(std::move(built));
}

std::variant<Templates, std::vector<TextProblem>> Templates::with(const ShopTexts& own) {
  std::vector<TextProblem> problems;
  auto set = std::make_unique<Set>();
  set->replacement = own.replacement;
  TextBuilder{own, problems}.build(set->locales);
  if (!problems.empty()) return problems;
  return Templates{std::move(set)};
}

Result<Rendered> Templates::render(const domain::OrderEvent& event, std::string_view locale,
                                   const ShopValues& shop) const {
  const auto link = shop.link;
  const auto shop_name = shop.shop_name;
  const auto& chosen = set_->first_of({locale, shop.shop_locale});
  auto found = chosen.by_status.find(event.status);
  if (found == chosen.by_status.end()) found = chosen.by_status.find(general_status);
  const StatusTexts& texts = found->second;

  const std::string status = readable(event.status);
  std::vector<std::pair<std::string_view, std::string_view>> values;
  values.reserve(5 + event.data.size());
  values.emplace_back("order_id", event.order_id);
  values.emplace_back("customer_id", event.customer_id);
  values.emplace_back("status", status);
  if (!link.empty()) values.emplace_back("link", link);
  if (!shop_name.empty()) values.emplace_back("shop", shop_name);
  for (const auto& [key, value] : event.data) values.emplace_back(key, value);

  Rendered rendered;
  // A customer whose language has no texts reads those of another language, by whose rules
  // characters are then replaced.
  const bool in_wanted_language = set_->replacement.empty() || set_->best(locale) == &chosen;
  rendered.replacement =
      &rules_for(set_->replacement, in_wanted_language ? locale : std::string_view{chosen.locale});
  rendered.locale = chosen.locale;
  rendered.version = texts.version;
  if (!shop_name.empty()) rendered.sms_text.append(shop_name).append(": ");
  rendered.email_subject = subject_start;
  const auto fill = [&](const MessageText& plain, const std::optional<MessageText>& with_link,
                        std::string& out) {
    return (!link.empty() && with_link ? *with_link : plain).append_to(out, values);
  };
  for (const auto& done : {fill(texts.sms, texts.sms_with_link, rendered.sms_text),
                           fill(texts.subject, std::nullopt, rendered.email_subject),
                           fill(texts.email, texts.email_with_link, rendered.email_text)})
    if (!done) return done.error();
  if (!shop_name.empty()) rendered.email_text.append("\n").append(shop_name);
  return rendered;
}

std::vector<TemplateInfo> Templates::list() const {
  std::vector<TemplateInfo> all;
  for (const auto& l : set_->locales)
    for (const auto& [status, texts] : l.by_status)
      all.push_back({texts.patterns, texts.version, texts.own});
  return all;
}

}  // namespace postrider::message
