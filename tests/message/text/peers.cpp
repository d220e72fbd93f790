#include "message/text/peers.hpp"

#include <unicode/normalizer2.h>

#include <algorithm>
#include <array>

#include "message/text/segments.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message::peers {
namespace {

constexpr auto signs = std::to_array<Sign>({
    Sign{0x0060, "'"},  Sign{0x00A0, " "},   Sign{0x00AB, "\""},  Sign{0x00B4, "'"},
    Sign{0x00BB, "\""}, Sign{0x00BC, "1/4"}, Sign{0x00BD, "1/2"}, Sign{0x00BE, "3/4"},
    Sign{0x00F7, "/"},  Sign{0x01C3, "!"},   Sign{0x02B9, "'"},   Sign{0x02BA, "\""},
    Sign{0x02BB, "'"},  Sign{0x02BC, "'"},   Sign{0x02BD, "'"},   Sign{0x02C8, "'"},
    Sign{0x02CA, "'"},  Sign{0x02CB, "'"},   Sign{0x02EE, "\""},  Sign{0x2000, " "},
    Sign{0x2001, " "},  Sign{0x2002, " "},   Sign{0x2003, " "},   Sign{0x2004, " "},
    Sign{0x2005, " "},  Sign{0x2006, " "},   Sign{0x2007, " "},   Sign{0x2008, " "},
    Sign{0x2009, " "},  Sign{0x200A, " "},   Sign{0x200B, ""},    Sign{0x2010, "-"},
    Sign{0x2013, "-"},  Sign{0x2014, "-"},   Sign{0x2015, "-"},   Sign{0x2018, "'"},
    Sign{0x2019, "'"},  Sign{0x201A, ","},   Sign{0x201B, "'"},   Sign{0x201C, "\""},
    Sign{0x201D, "\""}, Sign{0x201F, "\""},  Sign{0x2022, "-"},   Sign{0x2026, "..."},
    Sign{0x202F, " "},  Sign{0x203C, "!!"},  Sign{0x2043, "-"},   Sign{0x2044, "/"},
    Sign{0x205F, " "},  Sign{0x2215, "/"},   Sign{0x2223, "|"},   Sign{0x239C, "|"},
    Sign{0x239F, "|"},  Sign{0x23B8, "|"},   Sign{0x23B9, "|"},   Sign{0x23BC, "-"},
    Sign{0x23BD, "-"},  Sign{0x23D0, "|"},   Sign{0x275B, "'"},   Sign{0x275C, "'"},
    Sign{0x275D, "\""}, Sign{0x275E, "\""},  Sign{0x29F5, "\\"},  Sign{0x29F8, "/"},
    Sign{0x29F9, "\\"}, Sign{0x3000, " "},   Sign{0x301D, "\""},  Sign{0x301E, "\""},
    Sign{0xFE15, "!"},  Sign{0xFE57, "!"},   Sign{0xFE5F, "#"},   Sign{0xFE60, "&"},
    Sign{0xFE63, "-"},  Sign{0xFE68, "\\"},  Sign{0xFE69, "$"},   Sign{0xFE6A, "%"},
    Sign{0xFE6B, "@"},  Sign{0xFEFF, ""},    Sign{0xFF01, "!"},   Sign{0xFF02, "\""},
    Sign{0xFF03, "#"},  Sign{0xFF04, "$"},   Sign{0xFF05, "%"},   Sign{0xFF06, "&"},
    Sign{0xFF07, "'"},  Sign{0xFF08, "("},   Sign{0xFF09, ")"},   Sign{0xFF0A, "*"},
    Sign{0xFF0B, "+"},  Sign{0xFF0C, ","},   Sign{0xFF0D, "-"},   Sign{0xFF0E, "."},
    Sign{0xFF0F, "/"},  Sign{0xFF1A, ":"},   Sign{0xFF1B, ";"},   Sign{0xFF1C, "<"},
    Sign{0xFF1D, "="},  Sign{0xFF1E, ">"},   Sign{0xFF1F, "?"},   Sign{0xFF20, "@"},
    Sign{0xFF3C, "\\"}, Sign{0xFF3F, "_"},   Sign{0xFF5C, "|"},
});

constexpr auto notify_signs = std::to_array<Sign>({
    {0x09, " "},
    {0xA0, " "},
    {0x180E, ""},
    {0x200B, ""},
    {0x200C, ""},
    {0x200D, ""},
    {0x2013, "-"},
    {0x2014, "-"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201C, "\""},
    {0x201D, "\""},
    {0x2026, "..."},
    {0x202F, " "},
    {0x2060, ""},
    {0xFEFF, ""},
});

constexpr std::u32string_view welsh = U"ÂâÊêÎîÔôÛûŴŵŶŷ";

const Sign* find(std::span<const Sign> table, char32_t code) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Sign& sign) { return sign.code == code; });
  return found == table.end() ? nullptr : &*found;
}

/// The first part of the canonical decomposition; 0 where there is none.
char32_t base_of(char32_t code) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString parts;
  const auto* nfd = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status) || !nfd->getRawDecomposition(static_cast<UChar32>(code), parts)) return 0;
  return static_cast<char32_t>(parts.char32At(0));
}

std::string utf8(char32_t code) {
  std::string text;
  append_utf8(text, code);
  return text;
}

}  // namespace

std::optional<std::string> govuk_notify(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    at += c.bytes;
    const auto self = utf8(c.code);
    const auto base = base_of(c.code);
    if (is_gsm7(self) || welsh.find(c.code) != std::u32string_view::npos) {
      out += self;
    } else if (base != 0) {
      out += utf8(base);
      if (!is_gsm7(utf8(base))) return std::nullopt;
    } else if (const auto* sign = find(notify_signs, c.code)) {
      out += sign->by;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::string twilio(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    at += c.bytes;
    const auto* sign = find(signs, c.code);
    out += sign != nullptr ? sign->by : utf8(c.code);
  }
  return out;
}

std::span<const Sign> twilio_signs() { return signs; }

}  // namespace postrider::message::peers
