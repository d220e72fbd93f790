#include "message/text/segments.hpp"

#include <array>

#include "message/text/cluster.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

struct Limits {
  int single;   // units of a text that goes in one part
  int of_many;  // units of each part of several, which begin with a header of six octets
};
constexpr Limits gsm7_limits{160, 153};
constexpr Limits ucs2_limits{70, 67};

// GSM 03.38 §6.2.1: the default alphabet without the escape, in Unicode. All of it, but the euro
// sign of the extension table, lies below U+03AA.
constexpr char32_t alphabet[] =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr char32_t extension[] = U"\f^{}\\[~]|";  // §6.2.1.1, an escape before each
static_assert(std::size(alphabet) - 1 == 127 && std::size(extension) - 1 == 9);

constexpr std::size_t table_size = 0x3AA;

/// The septets that a character takes; 0: the character is not in GSM-7.
constexpr auto septets = [] {
  std::array<std::uint8_t, table_size> table{};
  for (const char32_t c : alphabet)
    if (c != 0) table[c] = 1;
  for (const char32_t c : extension)
    if (c != 0) table[c] = 2;
  return table;
}();

constexpr int septets_of(char32_t code) {
  if (code < table_size) return septets[code];
  return code == U'€' ? 2 : 0;
}

constexpr int utf16_units_of(char32_t code) { return code > 0xFFFF ? 2 : 1; }

/// The parts of one text, filled in order: a character that does not fit as a whole begins the next
/// part.
class Parts {
 public:
  explicit Parts(Limits limits) : limits_{limits} {}

  /// Adds one character of `units`. True when the character is the first of a new part.
  bool add(int units) {
    total_ += units;
    filled_ += units;
    if (filled_ <= limits_.of_many) return false;
    filled_ = units;
    ++parts_;
    return true;
  }

  int units() const { return total_; }
  int count() const { return total_ <= limits_.single ? 1 : parts_; }

 private:
  Limits limits_;
  int total_ = 0;
  int filled_ = 0;
  int parts_ = 1;
};

}  // namespace

bool is_gsm7(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (septets_of(c.code) == 0) return false;
    at += c.bytes;
  }
  return true;
}

namespace {

int utf16_units_of(std::string_view text) {
  int units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    units += utf16_units_of(c.code);
    at += c.bytes;
  }
  return units;
}

/// The parts of `text`, which has only characters of GSM-7. Calls `on_new_part` with the place of
/// the first character of each part but the first one.
template <class OnNewPart>
Parts lay_out_gsm7(std::string_view text, const OnNewPart& on_new_part) {
  Parts parts{gsm7_limits};
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (parts.add(septets_of(c.code))) on_new_part(at);
    at += c.bytes;
  }
  return parts;
}

/// The parts of `text` in UCS-2, cluster by cluster. A cluster that is longer than a part is cut
/// between characters.
template <class OnNewPart>
Parts lay_out_ucs2(std::string_view text, const OnNewPart& on_new_part) {
  Parts parts{ucs2_limits};
  for (std::size_t at = 0; at < text.size();) {
    auto length = cluster_length(text, at);
    int units = utf16_units_of(text.substr(at, length));
    if (units > ucs2_limits.of_many) {
      const auto c = character_at(text, at);
      length = c.bytes;
      units = utf16_units_of(c.code);
    }
    if (parts.add(units)) on_new_part(at);
    at += length;
  }
  return parts;
}

}  // namespace

SegmentCount count_segments(std::string_view text) {
  const auto nothing = [](std::size_t) {};
  const bool gsm7 = is_gsm7(text);
  const auto parts = gsm7 ? lay_out_gsm7(text, nothing) : lay_out_ucs2(text, nothing);
  return {gsm7 ? domain::Encoding::gsm7 : domain::Encoding::ucs2, parts.count(), parts.units()};
}

std::vector<std::string> split_segments(std::string_view text) {
  const auto count = count_segments(text);
  if (count.segments == 1) return {std::string{text}};
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(count.segments));
  std::size_t begin = 0;
  const auto on_new_part = [&](std::size_t at) {
    texts.emplace_back(text.substr(begin, at - begin));
    begin = at;
  };
  if (count.encoding == domain::Encoding::gsm7) {
    lay_out_gsm7(text, on_new_part);
  } else {
    lay_out_ucs2(text, on_new_part);
  }
  texts.emplace_back(text.substr(begin));
  return texts;
}

}  // namespace postrider::message
