#include "message/identify.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace postrider::message {
namespace {

// The namespace of all ids of Postrider (RFC 9562 §5.5). Changing it changes every id.
constexpr std::string_view id_namespace{
    "\x6f\x0b\x3d\x52\x7c\x1e\x4a\x8b\x9d\x24\x50\x6f\x73\x74\x72\x69", 16};

/// SHA-1, which RFC 9562 asks for; no secret depends on it. The method is looked up once, because
/// the look-up costs more than a hash.
const EVP_MD* sha1() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  if (method == nullptr) throw std::runtime_error{"OpenSSL has no SHA-1"};
  return method;
}

/// The name of a UUIDv5, made of fields. Each field carries its length, so that no two lists of
/// fields give one name.
class Name {
 public:
  Name() {
    bytes_.reserve(256);
    bytes_ = id_namespace;
  }

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
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    if (EVP_Digest(bytes_.data(), bytes_.size(), hash.data(), nullptr, sha1(), nullptr) != 1)
      throw std::runtime_error{"OpenSSL can't compute SHA-1"};
    domain::NotificationId id;
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x50U);  // version 5
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);  // variant of RFC 9562
    return id;
  }

 private:
  std::string bytes_;
};

void add_data(Name& name, const domain::OrderEvent& event) {
  std::vector<std::size_t> order(event.data.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // A JSON object has no order: an event with its keys in another order is a repeat.
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
    name.add(event.parcel ? "order_id, parcel, status" : "order_id, status");
    name.add(std::string_view{event.order_id});
    if (event.parcel) name.add(std::string_view{*event.parcel});
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
  // Without a parcel the digest is that of events of before there were parcels.
  if (event.parcel) name.add(std::string_view{*event.parcel});
  return name.id();
}

std::vector<domain::EventIdentity> other_spellings(std::string_view shop, domain::Mode mode,
                                                   const domain::OrderEvent& event) {
  std::vector<domain::EventIdentity> identities;
  for (auto& spelling : domain::other_spellings(event.status)) {
    auto other = event;
    other.status = std::move(spelling);
    identities.push_back({identify(shop, mode, other), fingerprint(other)});
  }
  return identities;
}

std::string short_digest(std::initializer_list<std::string_view> texts) {
  Name name;
  for (const auto text : texts) name.add(text);
  return domain::to_string(name.id()).substr(0, 8);
}

}  // namespace postrider::message
