#include "message/text/cluster.hpp"

#include <unicode/uchar.h>

#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

constexpr char32_t first_extending = 0x300;  // below it no character joins the one before

UGraphemeClusterBreak kind_of(char32_t code) {
  return static_cast<UGraphemeClusterBreak>(
      u_getIntPropertyValue(static_cast<UChar32>(code), UCHAR_GRAPHEME_CLUSTER_BREAK));
}

bool is_pictograph(char32_t code) {
  return u_hasBinaryProperty(static_cast<UChar32>(code), UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
}

/// True where `before` and `after` are parts of one Korean syllable (GB6 to GB8).
bool joins_hangul(UGraphemeClusterBreak before, UGraphemeClusterBreak after) {
  switch (before) {
    case U_GCB_L:
      return after == U_GCB_L || after == U_GCB_V || after == U_GCB_LV || after == U_GCB_LVT;
    case U_GCB_LV:
    case U_GCB_V: return after == U_GCB_V || after == U_GCB_T;
    case U_GCB_LVT:
    case U_GCB_T: return after == U_GCB_T;
    default: return false;
  }
}

}  // namespace

std::size_t cluster_length(std::string_view text, std::size_t at) {
  const auto base = character_at(text, at);
  std::size_t end = at + base.bytes;
  // The quick way: mostly the next character joins nothing, which needs no look into the tables.
  if (end == text.size() || character_at(text, end).code < first_extending) return base.bytes;
  auto before = kind_of(base.code);
  bool in_emoji = is_pictograph(base.code);
  bool half_flag = before == U_GCB_REGIONAL_INDICATOR;
  while (end < text.size()) {
    const auto next = character_at(text, end);
    if (next.code < first_extending) break;
    const auto kind = kind_of(next.code);
    const bool extends = kind == U_GCB_EXTEND || kind == U_GCB_ZWJ || kind == U_GCB_SPACING_MARK;
    const bool joined_emoji = in_emoji && before == U_GCB_ZWJ && is_pictograph(next.code);
    const bool whole_flag = half_flag && kind == U_GCB_REGIONAL_INDICATOR;
    if (!extends && !joined_emoji && !whole_flag && !joins_hangul(before, kind)) break;
    if (kind != U_GCB_EXTEND && kind != U_GCB_ZWJ) half_flag = false;
    if (kind == U_GCB_SPACING_MARK) in_emoji = false;
    before = kind;
    end += next.bytes;
  }
  return end - at;
}

}  // namespace postrider::message
