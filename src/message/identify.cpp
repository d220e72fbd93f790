#include "message/identify.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <numeric>

namespace postrider::message {
namespace {

// The namespace of all ids of Postrider (RFC 9562 §5.5). Changing it changes every id.
constexpr boost::uuids::uuid id_namespace{{0x6f, 0x0b, 0x3d, 0x52, 0x7c, 0x1e, 0x4a, 0x8b, 0x9d,
                                           0x24, 0x50, 0x6f, 0x73, 0x74, 0x72, 0x69}};

/// A name made of fields. Each carries its length, so that no two lists of fields give one name.
class Name {
 public:
  Name() { bytes_.reserve(256); }

  void add(std::string_view field) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes_ += static_cast<char>(static_cast<std::uint32_t>(field.size()) >> shift & 0xFFU);
    bytes_ += field;
  }

  void add_optional(const std::optional<std::string>& field) {
    bytes_ += field ? '\1' : '\0';
    if (field) add(std::string_view{*field});
  }

  domain::NotificationId id() const {
    const auto uuid = boost::uuids::name_generator_sha1{id_namespace}(bytes_.data(), bytes_.size());
    domain::NotificationId id;
    std::copy(uuid.begin(), uuid.end(), id.bytes.begin());
    return id;
  }

 private:
  std::string bytes_;
};

void add_data(Name& name, const domain::OrderEvent& event) {
  std::vector<std::size_t> order(event.data.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // A JSON object has no order: a shop that writes its keys in another order repeats itself.
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return event.data[a] < event.data[b]; });
  name.add(std::to_string(order.size()));
  for (const auto i : order) {
    name.add(std::string_view{event.data[i].first});
    name.add(std::string_view{event.data[i].second});
  }
}

}  // namespace

domain::NotificationId identify(std::string_view shop, domain::Mode mode,
                                const domain::OrderEvent& event) {
  Name name;
  name.add(shop);
  name.add(mode == domain::Mode::live ? "live" : "test");
  if (event.dedupe_key) {
    name.add("dedupe_key");
    name.add(std::string_view{*event.dedupe_key});
  } else {
    name.add("order_id, status");
    name.add(std::string_view{event.order_id});
    name.add(std::string_view{event.status});
  }
  return name.id();
}

domain::NotificationId fingerprint(const domain::OrderEvent& event) {
  Name name;
  name.add(std::string_view{event.order_id});
  name.add(std::string_view{event.customer_id});
  name.add(std::string_view{event.status});
  name.add_optional(event.dedupe_key);
  name.add_optional(event.occurred_at
                        ? std::optional{std::to_string(domain::to_unix_ms(*event.occurred_at))}
                        : std::nullopt);
  name.add_optional(event.tracking_url);
  name.add_optional(event.locale);
  add_data(name, event);
  name.add(event.contact ? "contact" : "no contact");
  if (event.contact) {
    const auto& c = *event.contact;
    for (const auto* field : {&c.phone, &c.email, &c.locale, &c.time_zone, &c.region})
      name.add_optional(*field);
  }
  return name.id();
}

}  // namespace postrider::message
