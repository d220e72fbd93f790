#include "message/text/replacement.hpp"
#include "message/text/ascii.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>

#include "message/text/look_alikes.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

const icu::Normalizer2* normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* instance = get(status);
  return U_SUCCESS(status) ? instance : nullptr;
}
const icu::Normalizer2* nfc() {
  static const auto* instance = normalizer(icu::Normalizer2::getNFCInstance);
  return instance;
}
const icu::Normalizer2* nfkd() {
  static const auto* instance = normalizer(icu::Normalizer2::getNFKDInstance);
  return instance;
}

UChar32 signed_code(char32_t code) { return static_cast<UChar32>(code); }

bool is_mark(char32_t code) { return u_charType(signed_code(code)) == U_NON_SPACING_MARK; }

UScriptCode script_of(char32_t code) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(signed_code(code), &status);
}

/// Where the link that starts at `at` ends; `at` itself when none starts there.
std::size_t end_of_link(std::string_view text, std::size_t at) {
  const auto starts = [&](std::string_view scheme) {
    if (text.size() - at < scheme.size()) return false;
    return std::equal(scheme.begin(), scheme.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  };
  if (!starts("http://") && !starts("https://")) return at;
  while (at < text.size()) {
    const auto c = character_at(text, at);
    const bool ends = u_isUWhiteSpace(signed_code(c.code)) || c.code == U'"' || c.code == U'<' ||
                      c.code == U'>' || c.code == U'«' || c.code == U'»' ||
                      (c.code >= 0x2018 && c.code <= 0x201F);
    if (ends) break;
    at += c.bytes;
  }
  return at;
}

/// A rewriter of one text. run() is false when a character has no look-alike; else take() has the
/// new text.
class Rewriter {
 public:
  Rewriter(std::string_view text, const ReplacementRules& rules) : text_{text}, rules_{rules} {
    out_.text.reserve(text.size());
  }

  bool run() {
    while (at_ < text_.size()) {
      if (const auto end = end_of_link(text_, at_); end != at_) {
        const auto link = text_.substr(at_, end - at_);
        if (!is_gsm7(link)) return false;
        out_.text += link;
        at_ = end;
      } else if (!rewrite_cluster()) {
        return false;
      }
    }
    return true;
  }

  Replaced take() { return std::move(out_); }
  bool changed_letters() const { return changed_letters_; }

 private:
  /// Rewrites the next character with the accents that follow it.
  bool rewrite_cluster() {
    const auto begin = at_;
    const auto base = character_at(text_, at_);
    at_ += base.bytes;
    bool marked = false;
    while (at_ < text_.size()) {
      const auto c = character_at(text_, at_);
      if (c.code < 0x80 || !is_mark(c.code) || look_alike(c.code)) break;
      at_ += c.bytes;
      marked = true;
    }
    const auto cluster = text_.substr(begin, at_ - begin);
    if (is_gsm7(cluster)) {
      out_.text += cluster;
      return true;
    }
    if (!allowed(base.code, cluster)) return false;
    std::string by;
    const bool done = marked ? compose(cluster, by) : replace(base.code, by);
    if (!done) return false;
    changed_letters_ = changed_letters_ || changes_letter(base.code, cluster, by);
    record_pair(cluster, by);
    out_.text += by;
    return true;
  }

  bool allowed(char32_t base, std::string_view cluster) const {
    if (rules_.keep.empty()) return true;
    if (rules_.keep.find(base) != std::u32string::npos) return false;
    return rules_.keep.find(composed_code(cluster)) == std::u32string::npos;
  }

  /// True where `by` is another letter, not just another way to write the same one.
  static bool changes_letter(char32_t base, std::string_view cluster, const std::string& by) {
    if (u_isalpha(signed_code(base)) == 0) return false;
    const auto code = composed_code(cluster);
    return code == 0 || utf8(code) != by;
  }

  /// The one character that the cluster is; 0 where it is more than one.
  static char32_t composed_code(std::string_view cluster) {
    if (nfc() == nullptr) return 0;
    UErrorCode status = U_ZERO_ERROR;
    const auto composed = nfc()->normalize(
        icu::UnicodeString::fromUTF8({cluster.data(), static_cast<std::int32_t>(cluster.size())}),
        status);
    if (U_FAILURE(status) || composed.countChar32() != 1) return 0;
    return static_cast<char32_t>(composed.char32At(0));
  }

  /// Writes a letter and its separate accents as one letter: "e" and an acute accent are "é", which
  /// GSM-7 has. Where GSM-7 has no such letter, the accents are dropped.
  bool compose(std::string_view cluster, std::string& by) {
    if (nfc() == nullptr) return false;
    UErrorCode status = U_ZERO_ERROR;
    const auto composed = nfc()->normalize(
        icu::UnicodeString::fromUTF8({cluster.data(), static_cast<std::int32_t>(cluster.size())}),
        status);
    if (U_FAILURE(status)) return false;
    std::string text;
    composed.toUTF8String(text);
    if (is_gsm7(text)) {
      by = std::move(text);
      return true;
    }
    return reduce(composed, by);
  }

  bool replace(char32_t code, std::string& by) {
    if (const auto same = look_alike(code)) {
      by = *same;
      return true;
    }
    if (is_same_as_gsm7(code, by)) return true;
    if (!may_decompose(code)) return false;
    if (!reduce(icu::UnicodeString{signed_code(code)}, by)) return false;
    return keeps_meaning(code, by);
  }

  /// True where `code` is a second code point of a character of GSM-7, kept for old standards: the
  /// ohm sign is the letter omega.
  static bool is_same_as_gsm7(char32_t code, std::string& by) {
    if (nfc() == nullptr) return false;
    UErrorCode status = U_ZERO_ERROR;
    const auto same = nfc()->normalize(icu::UnicodeString{signed_code(code)}, status);
    if (U_FAILURE(status)) return false;
    std::string text;
    same.toUTF8String(text);
    if (!is_gsm7(text)) return false;
    by = std::move(text);
    return true;
  }

  /// True where a letter without its accent is still read as the same word. Greek and Cyrillic
  /// accents stay, and a struck-out sign (≠) is the opposite of the sign.
  static bool may_decompose(char32_t code) {
    const auto script = script_of(code);
    return script == USCRIPT_LATIN || script == USCRIPT_COMMON;
  }

  /// Appends `text` to `by` after full compatibility decomposition: each part as it is or as its
  /// look-alike. Accents of a Latin letter are dropped; only the first stays where GSM-7 has the
  /// letter with it. False: a part has no look-alike, or another script's accent is in the text.
  static bool reduce(const icu::UnicodeString& text, std::string& by) {
    if (nfkd() == nullptr || nfc() == nullptr) return false;
    UErrorCode status = U_ZERO_ERROR;
    const auto parts = nfkd()->normalize(text, status);
    if (U_FAILURE(status)) return false;
    for (std::int32_t i = 0; i < parts.length();) {
      auto code = static_cast<char32_t>(parts.char32At(i));
      if (is_mark(code)) return false;
      i = parts.moveIndex32(i, 1);
      const bool latin = script_of(code) == USCRIPT_LATIN;
      for (bool first = true; i < parts.length(); i = parts.moveIndex32(i, 1), first = false) {
        const auto mark = static_cast<char32_t>(parts.char32At(i));
        if (!is_mark(mark)) break;
        if (!latin) return false;
        const auto both = nfc()->composePair(signed_code(code), signed_code(mark));
        if (first && both >= 0 && is_gsm7(utf8(static_cast<char32_t>(both))))
          code = static_cast<char32_t>(both);
      }
      if (!append_part(by, code)) return false;
    }
    return true;
  }

  static bool append_part(std::string& by, char32_t code) {
    const auto part = utf8(code);
    if (is_gsm7(part)) {
      by += part;
      return true;
    }
    const auto same = look_alike(code);
    if (same) by += *same;
    return same.has_value();
  }

  static std::string utf8(char32_t code) {
    std::string text;
    append_utf8(text, code);
    return text;
  }

  /// True where `by` means the same as `code` beside the characters around it; a space before a
  /// fraction may be added to `by`. "1½" is not "11/2", "10²" is not "102", a lone accent (¨) is
  /// not a space.
  bool keeps_meaning(char32_t code, std::string& by) const {
    if (by.empty()) return false;
    if (by.front() == ' ') return u_isUWhiteSpace(signed_code(code)) != 0;
    const auto kind = u_getIntPropertyValue(signed_code(code), UCHAR_DECOMPOSITION_TYPE);
    if (kind == U_DT_WIDE || kind == U_DT_NARROW || kind == U_DT_FONT) return true;
    const bool digit_before = !out_.text.empty() && is_digit(out_.text.back());
    const bool digit_after = at_ < text_.size() && is_digit(text_[at_]);
    if (is_digit(by.back()) && digit_after) return false;
    if (is_digit(by.front()) && digit_before) {
      if (kind != U_DT_FRACTION) return false;
      by.insert(by.begin(), ' ');
    }
    return true;
  }

  void record_pair(std::string_view from, const std::string& by) {
    const auto same = [&](const auto& pair) { return pair.first == from && pair.second == by; };
    if (std::none_of(out_.replaced.begin(), out_.replaced.end(), same))
      out_.replaced.emplace_back(from, by);
  }

  std::string_view text_;
  const ReplacementRules& rules_;
  bool changed_letters_ = false;
  std::size_t at_ = 0;
  Replaced out_;
};

}  // namespace

Replaced replace_for_gsm7(std::string_view text, const ReplacementRules& rules) {
  const auto plain = count_segments(text);
  const auto unchanged = [&] { return Replaced{std::string{text}, plain, plain, {}}; };
  if (plain.encoding == domain::Encoding::gsm7) return unchanged();
  Rewriter rewriter{text, rules};
  if (!rewriter.run()) return unchanged();
  using Letters = ReplacementRules::Letters;
  const bool letters = rewriter.changed_letters();
  if (letters && rules.letters == Letters::never) return unchanged();
  auto result = rewriter.take();
  result.count = count_segments(result.text);
  result.plain = plain;
  // "…" becomes three characters and "½" too: a text full of them may take more segments.
  const bool dearer = result.count.segments > plain.segments;
  const bool saves_nothing =
      letters && rules.letters == Letters::when_cheaper && result.count.segments == plain.segments;
  if (dearer || saves_nothing) return unchanged();
  return result;
}

}  // namespace postrider::message
