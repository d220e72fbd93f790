// One message text: an ICU MessageFormat pattern with named arguments, parsed once. Patterns with
// plain {name} arguments only are cut into pieces and need no ICU when a customer waits; the others
// (plural, select, number, date) go through ICU. Safe to share between threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/result.hpp"

namespace postrider::message {

using NamedValues = std::span<const std::pair<std::string_view, std::string_view>>;

class MessageText {
 public:
  /// Error `invalid` when the pattern can't be parsed or has numbered arguments ({0}).
  static domain::Result<MessageText> parse(std::string_view pattern, std::string_view locale);

  MessageText(MessageText&&) noexcept;
  MessageText& operator=(MessageText&&) noexcept;
  ~MessageText();

  /// Appends the text to `out`. Of two values with one name the first counts. Error `invalid` when
  /// an argument has no value, or one that is no number or date where the pattern asks for that;
  /// `what` names the argument, never the value. `out` may hold a beginning of the text then.
  domain::Result<domain::Done> append_to(std::string& out, NamedValues values) const;

  /// The arguments that the pattern names.
  std::vector<std::string> names() const;

 private:
  struct Parsed;
  explicit MessageText(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace postrider::message
