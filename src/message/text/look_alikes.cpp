#include "message/text/look_alikes.hpp"

#include <algorithm>
#include <array>

namespace postrider::message {
namespace {

struct Range {
  char32_t first;
  char32_t last;
  std::string_view by;
};

// In order of the code points, for the binary search. The table has no Greek or Cyrillic letters:
// a name written half in another alphabet is not the same name.
constexpr Range table[] = {
    {0x00, 0x08, ""},        // control characters
    {0x09, 0x09, " "},       // tab
    {0x0B, 0x0B, "\n"},      // line tabulation
    {0x0E, 0x1F, ""},        // control characters, the escape among them
    {U'`', U'`', "'"},       //
    {0x7F, 0x84, ""},        // control characters
    {0x85, 0x85, "\n"},      // next line
    {0x86, 0x9F, ""},        // control characters
    {0xA0, 0xA0, " "},       // no-break space
    {U'¦', U'¦', "|"},       //
    {U'©', U'©', "(C)"},     //
    {U'«', U'«', "\""},      //
    {0xAD, 0xAD, ""},        // soft hyphen
    {U'®', U'®', "(R)"},     //
    {U'±', U'±', "+/-"},     //
    {U'´', U'´', "'"},       //
    {U'µ', U'µ', "u"},       // micro sign
    {U'·', U'·', "."},       //
    {U'»', U'»', "\""},      //
    {U'Ð', U'Ð', "D"},       //
    {U'×', U'×', "x"},       //
    {U'Þ', U'Þ', "Th"},      //
    {U'ð', U'ð', "d"},       //
    {U'÷', U'÷', "/"},       // divided by, and in Italy from … to
    {U'þ', U'þ', "th"},      //
    {U'Đ', U'Đ', "D"},       //
    {U'đ', U'đ', "d"},       //
    {U'Ħ', U'Ħ', "H"},       //
    {U'ħ', U'ħ', "h"},       //
    {U'ı', U'ı', "i"},       //
    {U'ĸ', U'ĸ', "k"},       //
    {U'Ł', U'Ł', "L"},       //
    {U'ł', U'ł', "l"},       //
    {U'Ŋ', U'Ŋ', "N"},       //
    {U'ŋ', U'ŋ', "n"},       //
    {U'Œ', U'Œ', "OE"},      //
    {U'œ', U'œ', "oe"},      //
    {U'Ŧ', U'Ŧ', "T"},       //
    {U'ŧ', U'ŧ', "t"},       //
    {U'ƒ', U'ƒ', "f"},       //
    {U'ǃ', U'ǃ', "!"},       // a click, drawn like the mark
    {U'ȷ', U'ȷ', "j"},       //
    {0x02B9, 0x02B9, "'"},   // modifier letter prime
    {0x02BA, 0x02BA, "\""},  // modifier letter double prime
    {0x02BB, 0x02BD, "'"},   // modifier letters: commas, the okina among them
    {U'ˆ', U'ˆ', "^"},       //
    {0x02C8, 0x02C8, "'"},   // stress mark
    {0x02CA, 0x02CB, "'"},   // modifier letters: accents
    {U'˜', U'˜', "~"},       //
    {0x02EE, 0x02EE, "\""},  // modifier letter double apostrophe
    {0x034F, 0x034F, ""},    // combining grapheme joiner
    {0x061C, 0x061C, ""},    // direction mark
    {0x1680, 0x1680, " "},   // ogham space
    {0x180E, 0x180E, ""},    // vowel separator
    {U'ẞ', U'ẞ', "SS"},      //
    {0x2000, 0x200A, " "},   // spaces by width
    {0x200B, 0x200F, ""},    // zero width, joiners, direction marks
    {0x2010, 0x2015, "-"},   // hyphens and dashes
    {0x2018, 0x201B, "'"},   // single quotes
    {0x201C, 0x201F, "\""},  // double quotes
    {U'•', U'•', "*"},       //
    {U'‣', U'‣', ">"},       //
    {U'…', U'…', "..."},     //
    {U'‧', U'‧', "."},       //
    {0x2028, 0x2029, "\n"},  // line and paragraph separator
    {0x202A, 0x202E, ""},    // direction marks
    {0x202F, 0x202F, " "},   // narrow no-break space
    {U'′', U'′', "'"},       //
    {U'″', U'″', "\""},      //
    {U'‵', U'‵', "'"},       //
    {U'‶', U'‶', "\""},      //
    {U'‹', U'‹', "'"},       //
    {U'›', U'›', "'"},       //
    {U'⁃', U'⁃', "-"},       //
    {U'⁄', U'⁄', "/"},       //
    {0x205F, 0x205F, " "},   // mathematical space
    {0x2060, 0x2064, ""},    // joiner, invisible operators
    {0x2066, 0x206F, ""},    // direction marks
    {U'™', U'™', "(TM)"},    //
    {U'←', U'←', "<-"},      //
    {U'→', U'→', "->"},      //
    {U'↔', U'↔', "<->"},     //
    {U'⇐', U'⇐', "<="},      //
    {U'⇒', U'⇒', "=>"},      //
    {U'∆', U'∆', "Δ"},       // the increment; GSM-7 has the letter
    {U'∏', U'∏', "Π"},       //
    {U'∑', U'∑', "Σ"},       //
    {U'−', U'−', "-"},       //
    {U'∕', U'∕', "/"},       //
    {U'∗', U'∗', "*"},       //
    {U'∙', U'∙', "."},       //
    {U'∣', U'∣', "|"},       //
    {U'∶', U'∶', ":"},       //
    {U'∼', U'∼', "~"},       //
    {U'≤', U'≤', "<="},      //
    {U'≥', U'≥', ">="},      //
    {U'⋅', U'⋅', "."},       //
    {0x239C, 0x239C, "|"},   // pieces of tall brackets, boxes and lines
    {0x239F, 0x239F, "|"},   //
    {0x23B8, 0x23B9, "|"},   //
    {0x23BC, 0x23BD, "-"},   //
    {0x23D0, 0x23D0, "|"},   //
    {U'─', U'─', "-"},       //
    {U'│', U'│', "|"},       //
    {U'❘', U'❘', "|"},       //
    {0x275B, 0x275C, "'"},   // heavy quotes
    {0x275D, 0x275E, "\""},  //
    {U'⧵', U'⧵', "\\"},      //
    {U'⧸', U'⧸', "/"},       //
    {U'⧹', U'⧹', "\\"},      //
    {0x2E3A, 0x2E3B, "--"},  // long dashes
    {0x3000, 0x3000, " "},   // ideographic space
    {0x301D, 0x301F, "\""},  // double prime quotes
    {U'ꞌ', U'ꞌ', "'"},       // saltillo
    {0xFE00, 0xFE0F, ""},    // variation selectors
    {0xFEFF, 0xFEFF, ""},    // byte order mark
    {0xFFF9, 0xFFFB, ""},    // annotation marks
    {0xE0001, 0xE007F, ""},  // tags
    {0xE0100, 0xE01EF, ""},  // variation selectors
};
static_assert(std::is_sorted(std::begin(table), std::end(table),
                             [](const Range& a, const Range& b) { return a.last < b.first; }));

}  // namespace

std::optional<std::string_view> look_alike(char32_t code) {
  const auto* range = std::lower_bound(std::begin(table), std::end(table), code,
                                       [](const Range& r, char32_t c) { return r.last < c; });
  if (range == std::end(table) || code < range->first) return std::nullopt;
  return range->by;
}

}  // namespace postrider::message
