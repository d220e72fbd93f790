// Message texts: ICU MessageFormat patterns by status, channel and locale. Immutable once built and
// safe to share between threads.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/order_event.hpp"
#include "domain/result.hpp"
#include "message/text/replacement.hpp"

namespace postrider::message {

struct Rendered {
  std::string sms_text;
  std::string email_subject;
  std::string email_text;
  std::string locale;                             // of the template that was used
  std::string version;                            // of that template: "de/shipped/1a2b3c4d"
  const ReplacementRules* replacement = nullptr;  // of the customer's language; the Templates' own
};

/// A text of the shop's own, as ICU MessageFormat patterns. What is empty comes from the built-in
/// text of the same locale and status; the e-mail's from the SMS, in the locale's letter.
struct ShopText {
  std::string locale;
  std::string status;  // "other": every status without a text of its own
  std::string sms;
  std::string sms_with_link;  // for an event with a tracking link; empty: `sms`
  std::string subject;        // of the e-mail, after "Order Update - "
  std::string email;
  std::string email_with_link;
};

/// What surrounds an SMS text in the e-mail.
struct ShopLetter {
  std::string locale;
  std::string greeting;
  std::string farewell;
};

struct ShopTexts {
  std::vector<ShopText> texts;
  std::vector<ShopLetter> letters;
  std::map<std::string, ReplacementRules, std::less<>> replacement;  // by locale, folded
  /// The longest values there are, by name: of the event's `data`, and of order_id, customer_id,
  /// status and link where the usual ones do not fit.
  std::map<std::string, std::string, std::less<>> samples;
  std::string shop_name;
  int max_segments = 3;  // of an SMS with all of the samples
};

/// A template as it is in use.
struct TemplateInfo {
  ShopText patterns;
  std::string version;
  bool own = false;  // the shop's, at least in part
};

struct TextProblem {
  std::string locale, status, field;
  std::string what;
};

/// "pt_BR" → "pt-br": how locales are compared.
std::string folded(std::string_view locale);

class Templates {
 public:
  /// The texts that come with Postrider (en, de …): confirmed, shipped, delivered, cancelled,
  /// other.
  static Templates built_in();

  /// These with the shop's own before them, or all that is wrong with those: a pattern that can't
  /// be read, a value that no event has, a text too long with the longest values.
  static std::variant<Templates, std::vector<TextProblem>> with(const ShopTexts& own);

  Templates(Templates&&) noexcept;
  Templates& operator=(Templates&&) noexcept;
  ~Templates();

  /// What a shop adds to the values of an event. `link`: the tracking link, or empty: a template
  /// with a link has a form without it.
  struct Around {
    std::string_view shop_name = {};
    std::string_view shop_locale = {};
    std::string_view link = {};
  };

  /// Texts of `event` in the best locale there is (pt-BR → pt → the shop's → en). Error `invalid`
  /// when a template names a value that neither the event nor the shop gives.
  domain::Result<Rendered> render(const domain::OrderEvent& event, std::string_view locale,
                                  const Around& around) const;

  /// All of them, by locale and status.
  std::vector<TemplateInfo> list() const;

 private:
  struct Set;
  explicit Templates(std::unique_ptr<Set> set);
  std::unique_ptr<Set> set_;
};

}  // namespace postrider::message
