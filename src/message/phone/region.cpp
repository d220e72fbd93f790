#include "message/phone/region.hpp"
#include "message/text/ascii.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <unordered_map>

namespace postrider::message {
namespace {

// Names that people and shops write and that are not ICU's English ones, folded like a key.
constexpr std::pair<std::string_view, const char*> aliases[] = {
    {"uk", "GB"},
    {"greatbritain", "GB"},
    {"britain", "GB"},
    {"england", "GB"},
    {"scotland", "GB"},
    {"wales", "GB"},
    {"northernireland", "GB"},
    {"unitedkingdomofgreatbritainandnorthernireland", "GB"},
    {"unitedstatesofamerica", "US"},
    {"america", "US"},
    {"holland", "NL"},
    {"nederland", "NL"},
    {"russianfederation", "RU"},
    {"korea", "KR"},
    {"southkorea", "KR"},
    {"republicofkorea", "KR"},
    {"korearepublicof", "KR"},
    {"northkorea", "KP"},
    {"czechrepublic", "CZ"},
    {"czechia", "CZ"},
    {"ivorycoast", "CI"},
    {"cotedivoire", "CI"},
    {"kosovo", "XK"},
    {"xk", "XK"},
    {"xkx", "XK"},
    {"burma", "MM"},
    {"myanmar", "MM"},
    {"capeverde", "CV"},
    {"swaziland", "SZ"},
    {"macedonia", "MK"},
    {"turkey", "TR"},
    {"turkiye", "TR"},
    {"hongkong", "HK"},
    {"macau", "MO"},
    {"macao", "MO"},
    {"palestine", "PS"},
    {"vatican", "VA"},
    {"vaticancity", "VA"},
    {"uae", "AE"},
    {"emirates", "AE"},
    {"easttimor", "TL"},
    {"democraticrepublicofthecongo", "CD"},
    {"drc", "CD"},
    {"congo", "CG"},
    {"republicofthecongo", "CG"},
    // Not in ISO 3166's list of countries, but with telephone numbers of their own.
    {"ac", "AC"},
    {"ascensionisland", "AC"},
    {"ta", "TA"},
    {"tristandacunha", "TA"},
    {"republicofireland", "IE"},
    {"eire", "IE"},
    {"vietnam", "VN"},
    {"vietnamsocialistrepublicof", "VN"},
    {"iranislamicrepublicof", "IR"},
    {"moldovarepublicof", "MD"},
    {"taiwanprovinceofchina", "TW"},
    {"tanzaniaunitedrepublicof", "TZ"},
    {"boliviaplurinationalstateof", "BO"},
    {"venezuelabolivarianrepublicof", "VE"},
    {"syrianarabrepublic", "SY"},
    {"laopeoplesdemocraticrepublic", "LA"},
    {"bruneidarussalam", "BN"},
    {"slovakrepublic", "SK"},
    {"prchina", "CN"},
    {"peoplesrepublicofchina", "CN"},
    {"deutschland", "DE"},
    {"osterreich", "AT"},
    {"oesterreich", "AT"},
    {"schweiz", "CH"},
    {"suisse", "CH"},
    {"svizzera", "CH"},
    {"espana", "ES"},
    {"italia", "IT"},
    {"belgie", "BE"},
    {"belgique", "BE"},
    {"brasil", "BR"},
    {"polska", "PL"},
    {"sverige", "SE"},
    {"norge", "NO"},
    {"danmark", "DK"},
    {"suomi", "FI"},
};

/// The name as it is looked up: small letters and digits only, without accents, so that "Côte
/// d’Ivoire" and "Cote d'Ivoire" are one key.
std::string key_of(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (std::all_of(name.begin(), name.end(), is_letter)) {  // mostly a code: quicker without ICU
    std::string key{name};
    for (char& c : key) c = static_cast<char>(c | 0x20);
    return key;
  }
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfkd = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) return {};
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece{name.data(), static_cast<std::int32_t>(name.size())});
  icu::UnicodeString parts = nfkd->normalize(text, status);
  if (U_FAILURE(status)) return {};
  parts.foldCase().findAndReplace(u"&", u"and").findAndReplace(u"st. ", u"saint ");
  if (parts.startsWith(u"the ")) parts.remove(0, 4);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1))
    if (u_isalnum(parts.char32At(i))) kept.append(parts.char32At(i));
  std::string key;
  kept.toUTF8String(key);
  return key;
}

using Countries = std::unordered_map<std::string, std::string>;

Countries known_countries() {
  Countries countries;
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    const icu::Locale country{"", *code};
    icu::UnicodeString display;
    country.getDisplayCountry(icu::Locale::getEnglish(), display);
    std::string name;
    display.toUTF8String(name);
    countries.emplace(key_of(*code), *code);
    countries.emplace(key_of(country.getISO3Country()), *code);
    countries.emplace(key_of(name), *code);
    // "Myanmar (Burma)" also without the part in brackets.
    if (const auto cut = name.find(" ("); cut != std::string::npos)
      countries.emplace(key_of(name.substr(0, cut)), *code);
  }
  for (const auto& [name, code] : aliases) countries.emplace(name, code);
  return countries;
}

}  // namespace

std::optional<std::string> region_of(std::string_view country) {
  static const Countries countries = known_countries();
  constexpr std::size_t longest_name = 100;  // bytes; the longest name we know has 45
  const auto name = trimmed(country);
  if (name.empty() || name.size() > longest_name) return std::nullopt;
  const auto found = countries.find(key_of(name));
  if (found == countries.end()) return std::nullopt;
  return found->second;
}

}  // namespace postrider::message
