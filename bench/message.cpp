// P10: the time of one phone number beside the library's, and of one text beside the goal's limit.
// P11: the segments of shop texts beside those of peers.
#include <phonenumbers/phonenumberutil.h>

#include <chrono>
#include <iostream>

#include "measurements.hpp"
#include "message/phone/phone.hpp"
#include "message/text/peers.hpp"
#include "message/text/replacement.hpp"

namespace postrider::bench {
namespace {

using Library = i18n::phonenumbers::PhoneNumberUtil;

constexpr int numbers = 20'000;
constexpr double max_nanoseconds = 1000;  // of P10, for a cached number and for one text

/// The nanoseconds of one of `count` calls.
template <class Call>
double nanoseconds_a_call(int count, Call call) {
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) call(i);
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
  return took.count() / count;
}

/// Numbers that no round has had before, so that none is cached.
std::vector<std::string> fresh_numbers() {
  static int last = 10'000'000;
  std::vector<std::string> fresh;
  for (int i = 0; i < numbers; ++i) fresh.push_back("0151 " + std::to_string(++last));
  return fresh;
}

void must(bool right, const char* what) {
  if (!right) throw std::runtime_error{what};
}

double normalise_fresh() {
  const auto fresh = fresh_numbers();
  int valid = 0;
  const double took = nanoseconds_a_call(numbers, [&](int i) {
    valid += message::normalise_phone(fresh[static_cast<std::size_t>(i)], "DE").valid();
  });
  must(valid == numbers, "a number was not normalised");
  return took;
}

/// The library's calls for the same answer: form, country and kind.
double library_alone() {
  const auto& library = *Library::GetInstance();
  const auto fresh = fresh_numbers();
  std::size_t answered = 0;
  const double took = nanoseconds_a_call(numbers, [&](int i) {
    i18n::phonenumbers::PhoneNumber number;
    std::string e164, region;
    library.Parse(fresh[static_cast<std::size_t>(i)], "DE", &number);
    if (library.IsValidNumber(number)) library.Format(number, Library::E164, &e164);
    library.GetRegionCodeForNumber(number, &region);
    answered += e164.size() + region.size() + (library.GetNumberType(number) == Library::MOBILE);
  });
  must(answered > 0, "the library answered nothing");
  return took;
}

double normalise_again() {
  static const auto known = fresh_numbers();
  for (const auto& number : known) message::normalise_phone(number, "DE");
  int valid = 0;
  const double took = nanoseconds_a_call(numbers, [&](int i) {
    valid += message::normalise_phone(known[static_cast<std::size_t>(i)], "DE").valid();
  });
  must(valid == numbers, "a number was not normalised");
  return took;
}

double count_one_text() {
  constexpr int texts = 200'000;
  std::string text = "Grüße: Ihre Bestellung {A-1001} ist auf dem Weg. ";
  while (text.size() < 158) text += "Vielen Dank! ";
  text.resize(162);  // 160 characters: two of them take two bytes
  int segments = 0;
  const double took =
      nanoseconds_a_call(texts, [&](int) { segments += message::count_segments(text).segments; });
  must(segments >= texts, "a text was not counted");
  return took;
}

struct Peer {
  const char* name;
  std::string (*text_of)(std::string_view);
};
constexpr std::array peer_rules{
    Peer{"GOV.UK Notify",
         [](std::string_view text) {
           return message::peers::govuk_notify(text).value_or(std::string{text});
         }},
    Peer{"Twilio", [](std::string_view text) { return message::peers::twilio(text); }}};

double segments_of(const std::function<std::string(std::string_view)>& text_of) {
  int segments = 0;
  for (const auto& [language, text] : message::peers::shop_texts())
    segments += message::count_segments(text_of(text)).segments;
  return segments;
}

double our_segments() {
  return segments_of([](std::string_view text) { return message::replace_for_gsm7(text).text; });
}

}  // namespace

std::vector<Figure> measure_message(const Settings& settings) {
  std::vector<Figure> figures;
  const auto add = [&](Figure figure, const std::function<double()>& ours,
                       const std::function<double()>& ceiling) {
    figures.push_back(measure_one(settings.rounds, std::move(figure),
                                  settings.ceilings_only ? std::function<double()>{} : ours,
                                  ceiling, std::cerr));
  };
  const auto figure = [](const char* what, double goal) {
    return Figure{
        .number = "P10", .what = what, .unit = "ns", .better = Better::less, .goal = goal};
  };
  const auto allowed = [] { return max_nanoseconds; };
  add(figure("a number, beside libphonenumber", 1.2), normalise_fresh, library_alone);
  add(figure("a number again, beside 1 µs", 1), normalise_again, allowed);
  add(figure("160 characters, beside 1 µs", 1), count_one_text, allowed);
  return figures;
}

std::vector<Figure> measure_replacement(const Settings& settings) {
  std::vector<Figure> figures;
  for (const auto& peer : peer_rules) {
    Figure figure{.number = "P11",
                  .what = std::string{"shop texts, beside "} + peer.name,
                  .unit = "segments",
                  .better = Better::less,
                  .goal = 1};
    figures.push_back(measure_one(
        1, std::move(figure), settings.ceilings_only ? std::function<double()>{} : our_segments,
        [&] { return segments_of(peer.text_of); }, std::cerr));
  }
  return figures;
}

}  // namespace postrider::bench
