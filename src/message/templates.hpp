// Message texts: ICU MessageFormat patterns by status, channel and locale. Immutable once built and
// safe to share between threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "domain/order_event.hpp"
#include "domain/result.hpp"

namespace postrider::message {

struct Rendered {
  std::string sms_text;
  std::string email_subject;
  std::string email_text;
  std::string locale;  // of the template that was used
};

class Templates {
 public:
  /// The texts that come with Postrider (en, de …): confirmed, shipped, delivered, cancelled,
  /// other.
  static Templates built_in();

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

 private:
  struct Set;
  explicit Templates(std::unique_ptr<Set> set);
  std::unique_ptr<Set> set_;
};

}  // namespace postrider::message
