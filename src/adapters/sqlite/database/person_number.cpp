#include "adapters/sqlite/database/person_number.hpp"

#include "domain/intake/schedule.hpp"

namespace postrider::adapters::sqlite {

std::int64_t person_number(const domain::Notification& n) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  };
  add(n.mode == domain::Mode::live ? "live " : "test ");
  add(n.shop);
  add({"\0", 1});  // is in no name
  add(domain::person_of(n));
  return static_cast<std::int64_t>(hash);
}

}  // namespace postrider::adapters::sqlite
