#include "message/text/language.hpp"

#include <unicode/locid.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include "message/text/ascii.hpp"

namespace postrider::message {
namespace {

/// The name of `language` in the language of `reader`, in small letters.
std::string display_name(const char* language, const char* reader) {
  icu::UnicodeString name;
  icu::Locale{language}.getDisplayLanguage(icu::Locale{reader}, name);
  std::string text;
  name.toLower().toUTF8String(text);
  return text;
}

}  // namespace

bool has_language(std::string_view locale) {
  const std::string language{locale.substr(0, locale.find_first_of("-_"))};
  return !language.empty() && *uloc_getISO3Language(language.c_str()) != '\0';
}

std::string language_called(std::string_view name) {
  const std::string wanted = lower(trimmed(name));
  for (const char* const* code = uloc_getISOLanguages(); *code != nullptr; ++code)
    if (wanted == display_name(*code, "en") || wanted == display_name(*code, *code)) return *code;
  return {};
}

}  // namespace postrider::message
