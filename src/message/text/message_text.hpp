// One message text: an ICU MessageFormat pattern with named arguments, parsed once. Safe to share
// between threads. A pattern with plain {name} arguments only is cut into pieces, so that filling
// it in needs no ICU; any other pattern (plural, select, number, date) goes through ICU.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/result.hpp"

namespace postrider::message {

/// Names and values of arguments, in UTF-8. Of two values with one name the first counts.
using NamedValues = std::span<const std::pair<std::string_view, std::string_view>>;

class MessageText {
 public:
  /// Parses `pattern`. `locale`: the BCP 47 tag by which ICU writes numbers, dates and plurals.
  /// Error `invalid` when the pattern can't be parsed or has numbered arguments ({0}).
  static domain::Result<MessageText> parse(std::string_view pattern, std::string_view locale);

  MessageText(MessageText&&) noexcept;
  MessageText& operator=(MessageText&&) noexcept;
  ~MessageText();

  /// Appends the text with `values` filled in to `out`. Error `invalid` when an argument has no
  /// value, or has one that is no number or date where the pattern asks for that; `what` names the
  /// argument, never the value. After an error `out` may hold a beginning of the text.
  domain::Result<domain::Done> append_to(std::string& out, NamedValues values) const;

  /// The names of the pattern's arguments, each once.
  std::vector<std::string> names() const;

 private:
  struct Parsed;
  explicit MessageText(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace postrider::message
