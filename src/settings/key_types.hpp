// Makers of the entries of the settings' table, one for each type of value. Each takes the name,
// the member of Config as a function of a Config or a const Config, and the meaning in one line.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "message/money/money_text.hpp"
#include "message/text/ascii.hpp"
#include "settings/config_keys.hpp"
#include "settings/units.hpp"

namespace postrider::settings::key_types {

template <class Field>
ConfigKey text(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::text,
          std::move(doc),
          "a text without control characters",
          [field](Config& c, std::string_view v) {
            const bool printable = std::none_of(
                v.begin(), v.end(), [](unsigned char ch) { return ch < 0x20 || ch == 0x7f; });
            if (printable) field(c) = std::string{v};
            return printable;
          },
          [field](const Config& c) { return field(c); }};
}

template <class Field>
ConfigKey path(std::string name, Field field, std::string doc) {
  auto key = text(std::move(name), field, std::move(doc));
  key.type = KeyType::path;
  return key;
}

template <class Field>
ConfigKey flag(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::flag,
          std::move(doc),
          "true or false",
          [field](Config& c, std::string_view v) {
            if (v != "true" && v != "false") return false;
            field(c) = v == "true";
            return true;
          },
          [field](const Config& c) { return std::string{field(c) ? "true" : "false"}; }};
}

template <class Field>
ConfigKey choice(std::string name, Field field, std::vector<std::string> choices, std::string doc) {
  std::string expects = "one of";
  for (const auto& c : choices) expects += (c == choices.front() ? " " : ", ") + c;
  return {std::move(name),
          KeyType::choice,
          std::move(doc),
          expects,
          [field, choices](Config& c, std::string_view v) {
            const auto word = message::lower(v);
            const bool known = std::find(choices.begin(), choices.end(), word) != choices.end();
            if (known) field(c) = word;
            return known;
          },
          [field](const Config& c) { return field(c); }};
}

template <class Field>
ConfigKey integer(std::string name, Field field, std::int64_t min, std::int64_t max,
                  std::string doc) {
  return {std::move(name),
          KeyType::integer,
          std::move(doc),
          "a whole number from " + std::to_string(min) + " to " + std::to_string(max),
          [=](Config& c, std::string_view v) {
            const auto n = parse_integer(v);
            if (!n || *n < min || *n > max) return false;
            field(c) = static_cast<std::remove_reference_t<decltype(field(c))>>(*n);
            return true;
          },
          [field](const Config& c) { return std::to_string(field(c)); }};
}

template <class Field>
ConfigKey share(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::fraction,
          std::move(doc),
          "a fraction from 0 to 1",
          [field](Config& c, std::string_view v) {
            const auto n = parse_fraction(v);
            if (!n || *n < 0 || *n > 1) return false;
            field(c) = *n;
            return true;
          },
          [field](const Config& c) { return print_fraction(field(c)); }};
}

template <class Field>
ConfigKey duration(std::string name, Field field, domain::Milliseconds min,
                   domain::Milliseconds max, std::string doc) {
  return {std::move(name),
          KeyType::duration,
          std::move(doc),
          "a duration from " + print_duration(min) + " to " + print_duration(max) +
              " such as \"250ms\", \"90s\", \"15m\", \"12h\" or \"30d\"",
          [=](Config& c, std::string_view v) {
            const auto d = parse_duration(v);
            if (!d || *d < min || *d > max) return false;
            field(c) = *d;
            return true;
          },
          [field](const Config& c) { return print_duration(field(c)); }};
}

template <class Field>
ConfigKey money(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::money,
          std::move(doc),
          "an amount such as 50 or \"0.0743\", with at most six decimals",
          [field](Config& c, std::string_view v) {
            const auto m = message::parse_money(v);
            if (m) field(c) = *m;
            return m.has_value();
          },
          [field](const Config& c) { return message::print_money(field(c)); }};
}

}  // namespace postrider::settings::key_types
