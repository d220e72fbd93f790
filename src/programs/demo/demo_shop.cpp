#include "programs/demo/demo_shop.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>

namespace postrider::programs {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;
using Json = nlohmann::ordered_json;

struct Country {
  const char* region;
  const char* locale;
  const char* price;  // of one part; invented, because the simulator sends no bill
};

constexpr std::array countries{
    Country{"US", "en", "0.008"}, Country{"GB", "en", "0.045"},    Country{"DE", "de", "0.095"},
    Country{"FR", "fr", "0.070"}, Country{"ES", "es", "0.065"},    Country{"IT", "it", "0.080"},
    Country{"PT", "pt", "0.050"}, Country{"BR", "pt-BR", "0.025"}, Country{"NL", "nl", "0.090"},
    Country{"BE", "fr", "0.090"}, Country{"AT", "de", "0.090"},    Country{"CH", "de", "0.060"},
    Country{"PL", "pl", "0.040"}, Country{"SE", "sv", "0.055"},    Country{"NO", "en", "0.060"},
    Country{"DK", "en", "0.050"}, Country{"FI", "en", "0.075"},    Country{"IE", "en", "0.075"},
    Country{"CZ", "en", "0.060"}, Country{"GR", "en", "0.060"},    Country{"TR", "en", "0.030"},
    Country{"JP", "ja", "0.075"}, Country{"KR", "en", "0.035"},    Country{"IN", "en", "0.045"},
    Country{"AU", "en", "0.035"}, Country{"NZ", "en", "0.080"},    Country{"ZA", "en", "0.030"},
    Country{"MX", "es", "0.045"}, Country{"AR", "es", "0.070"},    Country{"CL", "es", "0.060"},
    Country{"CO", "es", "0.015"}, Country{"CA", "en", "0.008"},    Country{"SG", "en", "0.045"},
    Country{"HK", "zh", "0.050"}, Country{"AE", "ar", "0.075"},    Country{"IL", "en", "0.120"}};

/// Simulated numbers that always fail, whatever the simulator's settings are.
constexpr std::array simulated_failures{"+14254147167", "+61455944039", "+43676800442032",
                                        "+33755512502"};

std::string number_in(const std::string& region, std::mt19937& random) {
  const auto& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber example;
  if (!util.GetExampleNumberForType(region, PhoneNumberUtil::MOBILE, &example)) return "";
  for (int tries = 0; tries < 50; ++tries) {
    PhoneNumber number = example;
    const auto base = example.national_number() / 100'000 * 100'000;
    number.set_national_number(base + random() % 100'000);
    if (!util.IsValidNumber(number)) continue;
    // People type their number in their country's way, or with the country code.
    std::string text;
    util.Format(number,
                random() % 3 == 0 ? PhoneNumberUtil::INTERNATIONAL : PhoneNumberUtil::NATIONAL,
                &text);
    return text;
  }
  return "";
}

std::string customer_id(int i) { return "C-" + std::to_string(100'000 + i); }

Json make_customer(int i, std::mt19937& random) {
  const Country& country = countries[static_cast<std::size_t>(i) % countries.size()];
  Json c{{"id", customer_id(i)}, {"region", country.region}, {"locale", country.locale}};
  const auto kind = random() % 100;
  if (kind < 2) {
    c["phone"] = "12";  // too short: e-mail takes over
  } else if (kind < 4) {
    c["phone"] = simulated_failures[random() % simulated_failures.size()];
  } else if (kind != 4) {
    c["phone"] = number_in(country.region, random);
    if (c["phone"] == "") c.erase("phone");
  }
  if (kind != 4 && kind != 5) c["email"] = "customer" + std::to_string(i) + "@example.com";
  if (kind == 6) c["sms_opt_in"] = false;
  if (kind == 4 && i % 2 == 0) c["email"] = "customer" + std::to_string(i) + "@example.com";
  return c;
}

std::string status_for(std::mt19937::result_type draw) {
  if (draw < 55) return "confirmed";
  if (draw < 80) return "shipped";
  if (draw < 92) return "delivered";
  if (draw < 96) return "cancelled";
  return "ready_for_pickup";
}

std::string bad_row(const Json& good, std::mt19937::result_type kind) {
  Json bad = good;
  switch (kind % 8) {
    case 0: bad.erase("order_id"); break;
    case 1: bad["customer_id"] = 4711; break;
    case 2: bad["status"] = ""; break;
    case 3: bad["order_id"] = std::string(300, 'x'); break;
    case 4: bad["occurred_at"] = "yesterday"; break;
    case 5: return R"({"order_id":"A-1","order_id":"A-2","customer_id":"C-1","status":"shipped"})";
    case 6: return good.dump().substr(0, good.dump().size() / 2);
    default:
      bad["sattus"] = bad["status"];
      bad.erase("status");
      break;
  }
  return bad.dump();
}

}  // namespace

DemoDay make_demo_day(int orders, std::uint32_t seed) {
  std::mt19937 random{seed};
  DemoDay day;
  day.orders = orders;
  day.countries = static_cast<int>(countries.size());
  const int customers = std::max(orders * 9 / 10, 1);
  for (int i = 0; i < customers; ++i) day.customers.push_back(make_customer(i, random).dump());

  for (int i = 0; i < orders; ++i) {
    // One customer in the middle of the day orders far too often, so that the hourly limit acts.
    const bool busy = i >= orders / 2 && i < orders / 2 + 24;
    const int customer = busy ? 7 : static_cast<int>(random() % static_cast<unsigned>(customers));
    Json event{{"order_id", "A-" + std::to_string(500'000 + i)},
               {"customer_id", customer_id(customer)},
               {"status", status_for(random() % 100)}};
    if (random() % 2 == 0)
      event["tracking_url"] = "https://shop.example/t/" + std::to_string(500'000 + i);
    if (busy) {
      // Two orders of one customer that change status again and again.
      event["order_id"] = "B-" + std::to_string(i % 2);
      event["status"] = "step_" + std::to_string(i);
    } else if (random() % 50 == 0) {
      day.events.push_back(bad_row(event, random()));
      continue;
    } else if (random() % 200 == 0) {
      event["customer_id"] = "guest-" + std::to_string(i);  // unknown to the directory, no contact
    }
    day.events.push_back(event.dump());
    if (random() % 40 == 0) day.events.push_back(event.dump());  // the shop sends it twice
  }
  return day;
}

std::string demo_prices() {
  std::string list =
      "# Not a carrier's list: round figures, so that the demo has something to add up.\n"
      "date = \"2026-11-25\"\nsource = \"invented for the demo\"\n";
  for (const auto& country : countries)
    list += std::string{"\n[[price]]\ncountry = \""} + country.region + "\"\nper_part = \"" +
            country.price + "\"\n";
  return list;
}

}  // namespace postrider::programs
