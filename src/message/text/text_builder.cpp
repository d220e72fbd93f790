#include "message/text/text_builder.hpp"

#include <algorithm>

#include "message/identify.hpp"
#include "message/text/ascii.hpp"
#include "message/text/built_in_templates.hpp"
#include "message/text/nearest_name.hpp"

namespace postrider::message {
namespace {

// The longest values of most shops; a shop's [samples] replace them.
constexpr std::pair<const char*, const char*> usual_samples[] = {
    {"order_id", "ORD-2026-000000012345"},
    {"customer_id", "C-2026-000000012345"},
    {"status", "ready for pickup"},
    {"link", "https://shop.example/track/ORD-2026-000000012345-ABCDEFGH"},
};

template <class T>
const T& first_if_given(const T& first, const T& second) {
  return first.empty() ? second : first;
}

}  // namespace

std::string folded(std::string_view locale) {
  std::string result = lower(locale);
  std::replace(result.begin(), result.end(), '_', '-');
  return result;
}

std::string_view without_last_subtag(std::string_view tag) {
  const auto cut = tag.rfind('-');
  return cut == std::string_view::npos ? std::string_view{} : tag.substr(0, cut);
}

const ReplacementRules& rules_for(const RulesByLocale& rules, std::string_view locale) {
  static const ReplacementRules usual;
  if (rules.empty()) return usual;
  const std::string wanted = folded(locale);
  for (std::string_view tag = wanted; !tag.empty(); tag = without_last_subtag(tag))
    if (const auto found = rules.find(tag); found != rules.end()) return found->second;
  return usual;
}

TextBuilder::TextBuilder(const ShopTexts& own, std::vector<TextProblem>& problems)
    : own_{own}, problems_{problems} {
  for (const auto& [name, value] : usual_samples) samples_[name] = value;
  for (const auto& [name, value] : own.samples) samples_[name] = value;
  if (!own.shop_name.empty()) samples_["shop"] = own.shop_name;
}

void TextBuilder::merge() {
  for (const auto& l : built_in_letters())
    letters_[std::string{l.locale}] = {std::string{l.locale}, std::string{l.greeting},
                                       std::string{l.farewell}};
  for (const auto& l : own_.letters) letters_[folded(l.locale)] = l;
  for (const auto& t : built_in_texts())
    merged_[std::string{t.locale}][std::string{t.status}] = {std::string{t.locale},
                                                             std::string{t.status},
                                                             std::string{t.sms},
                                                             std::string{t.sms_with_link},
                                                             std::string{t.subject},
                                                             "",
                                                             ""};
  for (const auto& text : own_.texts) {
    const auto locale = folded(text.locale);
    auto& kept = merged_[locale][text.status];
    kept.locale = locale;
    kept.status = text.status;
    // The built-in text with a link must not stand beside the shop's own without one.
    if (!text.sms.empty()) kept.sms_with_link.clear();
    kept.sms = first_if_given(text.sms, kept.sms);
    kept.sms_with_link = first_if_given(text.sms_with_link, kept.sms_with_link);
    kept.subject = first_if_given(text.subject, kept.subject);
    kept.email = text.email;
    kept.email_with_link = text.email_with_link;
  }
}

void TextBuilder::build(std::vector<LocaleTexts>& locales) {
  merge();
  for (const auto& [locale, texts] : merged_) {
    auto& built = locales.emplace_back();
    built.locale = locale;
    const auto general = texts.find(general_status);
    if (general == texts.end())
      add_problem(
          texts.begin()->second, "sms",
          "a new language needs a text for every other status too: write [" + locale + ".other]");
    for (const auto& [status, text] : texts) {
      auto whole = text;
      if (general != texts.end())
        whole.subject = first_if_given(text.subject, general->second.subject);
      if (auto parsed = parse_all(whole)) built.by_status.emplace(status, std::move(*parsed));
    }
  }
}

std::optional<StatusTexts> TextBuilder::parse_all(const ShopText& text) {
  if (text.sms.empty()) add_problem(text, "sms", "the text is missing");
  if (text.subject.empty()) add_problem(text, "subject", "the subject is missing");
  if (text.sms.empty() || text.subject.empty()) return std::nullopt;
  auto sms = parse(text, "sms", text.sms, false);
  auto subject = parse(text, "subject", text.subject, false);
  // A mistake in the SMS text is told once, not again of the e-mail that is made of it.
  std::optional<MessageText> email;
  if (sms || !text.email.empty())
    email = parse(text, "email", first_if_given(text.email, in_letter(text, text.sms)), false);
  const auto with_link = [&](const char* field, const std::string& pattern) {
    return pattern.empty() ? std::nullopt : parse(text, field, pattern, true);
  };
  auto sms_with_link = with_link("sms_with_link", text.sms_with_link);
  const bool own_mail = !text.email.empty() || !text.email_with_link.empty();
  auto email_with_link = with_link("email_with_link", own_mail ? text.email_with_link
                                                      : text.sms_with_link.empty()
                                                          ? std::string{}
                                                          : in_letter(text, text.sms_with_link));
  if (sms) check_length(text, "sms", *sms);
  if (sms_with_link) check_length(text, "sms_with_link", *sms_with_link);
  if (!sms || !subject || !email) return std::nullopt;
  const auto digest = short_digest({text.sms, text.sms_with_link, text.subject, text.email,
                                    text.email_with_link, in_letter(text, "")});
  return StatusTexts{text.locale + "/" + text.status + "/" + digest,
                     text,
                     is_own(text),
                     std::move(*sms),
                     std::move(sms_with_link),
                     std::move(*subject),
                     std::move(*email),
                     std::move(email_with_link)};
}

bool TextBuilder::is_own(const ShopText& text) const {
  return std::any_of(own_.texts.begin(), own_.texts.end(), [&](const ShopText& own) {
    return folded(own.locale) == text.locale && own.status == text.status;
  });
}

std::string TextBuilder::meant_value(const std::string& name) const {
  std::vector<std::string_view> names;
  for (const auto& [known, value] : samples_) names.push_back(known);
  const auto found = nearest_name(name, names);
  return found && found->distance <= 2 ? " (did you mean {" + std::string{found->name} + "}?)" : "";
}

std::optional<MessageText> TextBuilder::parse(const ShopText& text, const char* field,
                                              const std::string& pattern, bool has_link) {
  auto parsed = MessageText::parse(pattern, text.locale);
  if (!parsed) {
    add_problem(text, field, parsed.error().what);
    return std::nullopt;
  }
  bool known = true;
  for (const auto& name : parsed->names()) {
    if (samples_.contains(name) && (name != "link" || has_link)) continue;
    known = false;
    if (name == "link")
      add_problem(text, field,
                  "{link} stands in sms_with_link and email_with_link only: not every "
                  "event has one");
    else if (name == "shop")
      add_problem(text, field, "{shop} needs the setting shop.name");
    else
      add_problem(text, field,
                  "there is no value {" + name + "}" + meant_value(name) +
                      ": if events have it in `data`, write its longest value under [samples]");
  }
  if (!known) return std::nullopt;
  std::string filled;
  std::vector<std::pair<std::string_view, std::string_view>> values{samples_.begin(),
                                                                    samples_.end()};
  if (const auto done = parsed->append_to(filled, values); !done) {
    add_problem(text, field, done.error().what);
    return std::nullopt;
  }
  for (const auto& [name, value] : samples_)
    if (filled.find("{" + name + "}") != std::string::npos) {
      add_problem(text, field,
                  "customers would read {" + name +
                      "} itself, because an apostrophe before a brace quotes it: write '' for an "
                      "apostrophe");
      return std::nullopt;
    }
  return std::move(*parsed);
}

void TextBuilder::check_length(const ShopText& text, const char* field, const MessageText& sms) {
  std::string filled;
  if (!own_.shop_name.empty()) filled = own_.shop_name + ": ";
  std::vector<std::pair<std::string_view, std::string_view>> values{samples_.begin(),
                                                                    samples_.end()};
  if (!sms.append_to(filled, values)) return;
  const auto& rules = rules_for(own_.replacement, text.locale);
  const int segments = replace_for_gsm7(filled, rules).count.segments;
  if (segments > own_.max_segments)
    add_problem(text, field,
                "takes " + std::to_string(segments) + " segments with the longest values; " +
                    std::to_string(own_.max_segments) + " are allowed by most_segments");
}

std::string TextBuilder::in_letter(const ShopText& text, const std::string& words) const {
  const auto found = letters_.find(text.locale);
  if (found == letters_.end()) return words;
  return found->second.greeting + "\n\n" + words + "\n\n" + found->second.farewell;
}

void TextBuilder::add_problem(const ShopText& text, const char* field, std::string what) {
  problems_.push_back({text.locale, text.status, field, std::move(what)});
}

}  // namespace postrider::message
