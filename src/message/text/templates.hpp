// The message templates: ICU MessageFormat patterns by status, channel and locale. Immutable once
// built and safe to share between threads.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/intake/order_event.hpp"
#include "domain/result.hpp"
#include "message/text/replacement.hpp"

namespace postrider::message {

/// The texts of one event, before the replacement of characters.
struct Rendered {
  std::string sms_text;
  std::string email_subject;
  std::string email_text;
  std::string locale;                             // of the template that was used
  std::string version;                            // of that template: "de/shipped/1a2b3c4d"
  const ReplacementRules* replacement = nullptr;  // of the text's language; owned by the Templates
};

/// A shop's own text of one locale and status, as ICU MessageFormat patterns. An empty pattern is
/// taken from the built-in text of the same locale and status; an empty e-mail from the SMS text,
/// between the locale's greeting and farewell.
struct ShopText {
  std::string locale;
  std::string status;  // "other": every status without a text of its own
  std::string sms;
  std::string sms_with_link;  // for an event with a tracking link; empty: `sms`
  std::string subject;        // of the e-mail, after "Order Update - "
  std::string email;
  std::string email_with_link;
};

/// The greeting and farewell around an SMS text in the e-mail.
struct ShopLetter {
  std::string locale;
  std::string greeting;
  std::string farewell;
};

/// All texts of a shop's own, with the rules by which they are checked.
struct ShopTexts {
  std::vector<ShopText> texts;
  std::vector<ShopLetter> letters;
  std::map<std::string, ReplacementRules, std::less<>> replacement;  // by locale, folded
  /// The longest values of arguments, by name, for the check of max_segments: all names of the
  /// events' `data`, and order_id, customer_id, status and link where the usual ones do not fit.
  std::map<std::string, std::string, std::less<>> samples;
  std::string shop_name;
  int max_segments = 3;  // of an SMS with all of the samples
};

/// A template that is in use.
struct TemplateInfo {
  ShopText patterns;
  std::string version;
  bool own = false;  // at least one pattern is the shop's
};

/// A mistake in a shop's own texts: its place, and what to change.
struct TextProblem {
  std::string locale, status, field;
  std::string what;
};

/// A locale in the form in which locales are compared: "pt_BR" → "pt-br".
std::string folded(std::string_view locale);

class Templates {
 public:
  /// The texts that come with Postrider (en, de …): confirmed, shipped, delivered, cancelled,
  /// other.
  static Templates built_in();

  /// The built-in texts with the shop's own before them; or all mistakes in the shop's own: a
  /// pattern that can't be parsed, a value that no event has, a text that is too long with the
  /// longest values.
  static std::variant<Templates, std::vector<TextProblem>> with(const ShopTexts& own);

  Templates(Templates&&) noexcept;
  Templates& operator=(Templates&&) noexcept;
  ~Templates();

  /// The values that the shop adds to those of an event.
  struct ShopValues {
    std::string_view shop_name = {};
    std::string_view shop_locale = {};
    std::string_view link = {};  // the tracking link; empty: the form without a link is used
  };

  /// The texts of `event` in the first of these locales that has texts: `locale`, its language
  /// (pt-BR → pt), the shop's, English. Error `invalid` when a template names a value that neither
  /// the event nor the shop gives.
  domain::Result<Rendered> render(const domain::OrderEvent& event, std::string_view locale,
                                  const ShopValues& shop) const;

  /// All templates, by locale and status.
  std::vector<TemplateInfo> list() const;

 private:
  struct Set;
  explicit Templates(std::unique_ptr<Set> set);
  std::unique_ptr<Set> set_;
};

}  // namespace postrider::message
