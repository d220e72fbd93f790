#include "message/text/message_text.hpp"

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "concurrency/mutex.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::message {
namespace {

using domain::Done;
using domain::Error;
using domain::ErrorKind;
using domain::Result;

enum class Kind { text, number, date };

struct Argument {
  std::string name;
  Kind kind = Kind::text;
};

struct Piece {
  std::string literal;
  std::optional<std::size_t> argument;  // after the literal
};

std::string utf8(const icu::UnicodeString& text) {
  std::string result;
  return text.toUTF8String(result);
}

icu::UnicodeString utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())});
}

Error invalid(std::string what) { return {ErrorKind::invalid, std::move(what)}; }

const std::string_view* value_of(NamedValues values, std::string_view name) {
  for (const auto& [key, value] : values)
    if (key == name) return &value;
  return nullptr;
}

Kind kind_of(const icu::MessagePattern& pattern, std::int32_t argument) {
  switch (pattern.getPart(argument).getArgType()) {
    case UMSGPAT_ARG_TYPE_PLURAL:
    case UMSGPAT_ARG_TYPE_SELECTORDINAL:
    case UMSGPAT_ARG_TYPE_CHOICE: return Kind::number;
    case UMSGPAT_ARG_TYPE_SIMPLE: break;
    default: return Kind::text;
  }
  // Parts of {name, type, style}: the start, the name, the type.
  const auto type = pattern.getSubstring(pattern.getPart(argument + 2));
  return type == u"date" || type == u"time" ? Kind::date : Kind::number;
}

/// `text` as the value that ICU wants for this kind of argument; nullopt when it is none.
std::optional<icu::Formattable> formattable(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::text: return icu::Formattable{utf16(text)};
    case Kind::date: {
      const auto at = parse_timestamp(text);
      if (!at) return std::nullopt;
      return icu::Formattable{static_cast<double>(domain::to_unix_ms(*at)),
                              icu::Formattable::kIsDate};
    }
    case Kind::number: break;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
    return std::nullopt;
  return icu::Formattable{number};
}

}  // namespace

struct MessageText::Parsed {
  std::vector<Argument> arguments;  // each name once
  std::vector<Piece> pieces;        // without `format`
  mutable concurrency::Mutex mutex;
  // format() of ICU fills its sub-formats lazily although it is const.
  std::unique_ptr<icu::MessageFormat> format PT_GUARDED_BY(mutex);

  /// The index of the argument, which is added where it is new.
  std::size_t index_of(const std::string& name) {
    const auto same = [&](const Argument& a) { return a.name == name; };
    const auto found = std::find_if(arguments.begin(), arguments.end(), same);
    const auto index = static_cast<std::size_t>(found - arguments.begin());
    if (found == arguments.end()) arguments.push_back({name, Kind::text});
    return index;
  }

  /// Cuts the pattern into `pieces`. False when an argument is more than {name}.
  bool cut(const icu::MessagePattern& pattern) {
    const auto& text = pattern.getPatternString();
    Piece piece;
    std::int32_t from = 0;
    bool plain = true;
    for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
      const auto& part = pattern.getPart(i);
      const auto type = part.getType();
      if (type == UMSGPAT_PART_TYPE_ARG_START) {
        const auto index = index_of(utf8(pattern.getSubstring(pattern.getPart(i + 1))));
        const auto kind = kind_of(pattern, i);
        if (kind != Kind::text) arguments[index].kind = kind;
        plain = plain && part.getArgType() == UMSGPAT_ARG_TYPE_NONE;
        piece.literal += utf8(text.tempSubStringBetween(from, part.getIndex()));
        piece.argument = index;
        pieces.push_back(std::exchange(piece, {}));
      } else if (type == UMSGPAT_PART_TYPE_ARG_LIMIT) {
        from = part.getLimit();
      } else if (type == UMSGPAT_PART_TYPE_SKIP_SYNTAX || type == UMSGPAT_PART_TYPE_INSERT_CHAR) {
        piece.literal += utf8(text.tempSubStringBetween(from, part.getIndex()));
        from = part.getLimit();
      }
    }
    piece.literal += utf8(text.tempSubStringBetween(from, text.length()));
    pieces.push_back(std::move(piece));
    return plain;
  }

  Result<Done> format_with_icu(std::string& out, NamedValues values) const {
    std::vector<icu::UnicodeString> keys;
    std::vector<icu::Formattable> icu_values;
    for (const auto& argument : arguments) {
      const auto* value = value_of(values, argument.name);
      if (value == nullptr) return invalid("no value for \"" + argument.name + "\"");
      auto converted = formattable(argument.kind, *value);
      if (!converted)
        return invalid("\"" + argument.name + "\" must be a " +
                       (argument.kind == Kind::date ? "date" : "number"));
      keys.push_back(utf16(argument.name));
      icu_values.push_back(std::move(*converted));
    }
    icu::UnicodeString text;
    UErrorCode status = U_ZERO_ERROR;
    {
      const concurrency::Lock lock{mutex};
      format->format(keys.data(), icu_values.data(), static_cast<std::int32_t>(keys.size()), text,
                     status);
    }
    if (U_FAILURE(status)) return invalid(std::string{"ICU: "} + u_errorName(status));
    text.toUTF8String(out);
    return Done{};
  }
};

MessageText::MessageText(std::unique_ptr<Parsed> parsed) : parsed_{std::move(parsed)} {}
MessageText::MessageText(MessageText&&) noexcept = default;
MessageText& MessageText::operator=(MessageText&&) noexcept = default;
MessageText::~MessageText() = default;

Result<MessageText> MessageText::parse(std::string_view pattern, std::string_view locale) {
  UErrorCode status = U_ZERO_ERROR;
  const auto text = utf16(pattern);
  const icu::MessagePattern parts{text, nullptr, status};
  if (U_FAILURE(status)) return invalid(std::string{"not a message: "} + u_errorName(status));
  if (parts.hasNumberedArguments()) return invalid("arguments need names, not numbers");
  auto parsed = std::make_unique<Parsed>();
  if (!parsed->cut(parts)) {
    const auto icu_locale = icu::Locale::forLanguageTag(std::string{locale}, status);
    parsed->format = std::make_unique<icu::MessageFormat>(text, icu_locale, status);
    if (U_FAILURE(status)) return invalid(std::string{"not a message: "} + u_errorName(status));
  }
  return MessageText{std::move(parsed)};
}

Result<Done> MessageText::append_to(std::string& out, NamedValues values) const {
  if (parsed_->format) return parsed_->format_with_icu(out, values);
  for (const auto& piece : parsed_->pieces) {
    out += piece.literal;
    if (!piece.argument) continue;
    const auto& name = parsed_->arguments[*piece.argument].name;
    const auto* value = value_of(values, name);
    if (value == nullptr) return invalid("no value for \"" + name + "\"");
    out += *value;
  }
  return Done{};
}

std::vector<std::string> MessageText::names() const {
  std::vector<std::string> result;
  for (const auto& argument : parsed_->arguments) result.push_back(argument.name);
  return result;
}

}  // namespace postrider::message
