#include "message/json/order_event_json.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "message/json/json_fields.hpp"
#include "message/phone/phone.hpp"

namespace postrider::message {
namespace {

using domain::Contact;
using domain::Customer;
using domain::EventLimits;
using domain::OrderEvent;
using simdjson::dom::object;

constexpr std::array contact_fields{
    Field<Contact>{"phone", false,
                   [](Element v, const Place& p, Contact& c) { return read_phone(v, p, c.phone); }},
    Field<Contact>{"email", false,
                   [](Element v, const Place& p, Contact& c) { return read_email(v, p, c.email); }},
    Field<Contact>{
        "locale", false,
        [](Element v, const Place& p, Contact& c) { return read_locale(v, p, c.locale); }},
    Field<Contact>{
        "time_zone", false,
        [](Element v, const Place& p, Contact& c) { return read_time_zone(v, p, c.time_zone); }},
    Field<Contact>{
        "region", false,
        [](Element v, const Place& p, Contact& c) { return read_region(v, p, c.region); }},
};

Failure read_contact(Element value, const Place& place, std::optional<Contact>& out) {
  object fields;
  if (value.get(fields) != simdjson::SUCCESS) return wrong_type(place, "an object", value);
  return read_object(fields, place.pointer(), contact_fields, out.emplace());
}

/// An event that is being read.
struct Draft {
  OrderEvent event;
  bool has_fraction = false;
};

constexpr std::array event_fields{
    Field<Draft>{"order_id", true,
                 [](Element v, const Place& p, Draft& d) {
                   return read_text(v, p, EventLimits::order_id, d.event.order_id);
                 }},
    Field<Draft>{"customer_id", true,
                 [](Element v, const Place& p, Draft& d) {
                   return read_text(v, p, EventLimits::customer_id, d.event.customer_id);
                 }},
    Field<Draft>{
        "status", true,
        [](Element v, const Place& p, Draft& d) { return read_status(v, p, d.event.status); }},
    Field<Draft>{"dedupe_key", false,
                 [](Element v, const Place& p, Draft& d) {
                   return read_text(v, p, EventLimits::dedupe_key, d.event.dedupe_key);
                 }},
    Field<Draft>{"parcel", false,
                 [](Element v, const Place& p, Draft& d) {
                   return read_text(v, p, EventLimits::parcel, d.event.parcel);
                 }},
    Field<Draft>{
        "occurred_at", false,
        [](Element v, const Place& p, Draft& d) { return read_time(v, p, d.event.occurred_at); }},
    Field<Draft>{
        "tracking_url", false,
        [](Element v, const Place& p, Draft& d) { return read_url(v, p, d.event.tracking_url); }},
    Field<Draft>{
        "locale", false,
        [](Element v, const Place& p, Draft& d) { return read_locale(v, p, d.event.locale); }},
    Field<Draft>{"data", false,
                 [](Element v, const Place& p, Draft& d) {
                   return read_data(v, p, d.event.data, d.has_fraction);
                 }},
    Field<Draft>{
        "contact", false,
        [](Element v, const Place& p, Draft& d) { return read_contact(v, p, d.event.contact); }},
};

/// Accepts and drops a field that answers add to a stored customer, so that a customer that was
/// fetched may be sent back as it is.
Failure skip_derived(Element, const Place&, Customer&) { return std::nullopt; }

constexpr std::array customer_fields{
    Field<Customer>{"id", false,
                    [](Element v, const Place& p, Customer& c) {
                      return read_text(v, p, EventLimits::customer_id, c.id);
                    }},
    Field<Customer>{
        "phone", false,
        [](Element v, const Place& p, Customer& c) { return read_phone(v, p, c.contact.phone); }},
    Field<Customer>{
        "email", false,
        [](Element v, const Place& p, Customer& c) { return read_email(v, p, c.contact.email); }},
    Field<Customer>{
        "locale", false,
        [](Element v, const Place& p, Customer& c) { return read_locale(v, p, c.contact.locale); }},
    Field<Customer>{"time_zone", false,
                    [](Element v, const Place& p, Customer& c) {
                      return read_time_zone(v, p, c.contact.time_zone);
                    }},
    Field<Customer>{
        "region", false,
        [](Element v, const Place& p, Customer& c) { return read_region(v, p, c.contact.region); }},
    Field<Customer>{
        "sms_opt_in", false,
        [](Element v, const Place& p, Customer& c) { return read_bool(v, p, c.sms_opt_in); }},
    Field<Customer>{
        "email_opt_in", false,
        [](Element v, const Place& p, Customer& c) { return read_bool(v, p, c.email_opt_in); }},
    Field<Customer>{"e164", false, skip_derived},
    Field<Customer>{"phone_problem", false, skip_derived},
};

constexpr std::array number_fields{
    Field<Contact>{"phone", true,
                   [](Element v, const Place& p, Contact& c) { return read_phone(v, p, c.phone); }},
    Field<Contact>{
        "region", false,
        [](Element v, const Place& p, Contact& c) { return read_region(v, p, c.region); }},
};

FieldError document_error(std::string code, std::string hint) {
  return {std::move(code), "", std::move(hint)};
}

FieldError document_error_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR: return document_error("invalid_utf8", "the document must be UTF-8");
    case simdjson::DEPTH_ERROR:
      return document_error("too_deep",
                            "at most " + std::to_string(max_json_depth) + " levels of nesting");
    case simdjson::EMPTY: return document_error("invalid_json", "the document is empty");
    case simdjson::NUMBER_ERROR:
      return document_error("invalid_json", "a number is malformed or too large; write it as text");
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS:
    case simdjson::UNCLOSED_STRING:
      return document_error("invalid_json", "a string is not closed or has a wrong escape");
    default: return document_error("invalid_json", "the document is not JSON");
  }
}

}  // namespace

struct JsonReader::Impl {
  simdjson::dom::parser parser;
  simdjson::ondemand::parser raw_parser;  // for the numbers of `data` as they were written
  std::string buffer;                     // the document and simdjson's padding
  std::size_t size = 0;                   // of the document in `buffer`

  /// The document's object, valid until the next call.
  std::variant<object, FieldError> load(std::string_view json) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (json.starts_with(byte_order_mark)) json.remove_prefix(byte_order_mark.size());
    if (json.size() > max_event_bytes)
      return document_error("too_large", "at most " + std::to_string(max_event_bytes) + " bytes");
    size = json.size();
    if (buffer.size() < size + simdjson::SIMDJSON_PADDING)
      buffer.resize(std::bit_ceil(size + simdjson::SIMDJSON_PADDING));
    std::memcpy(buffer.data(), json.data(), size);
    std::memset(buffer.data() + size, ' ', simdjson::SIMDJSON_PADDING);
    if (parser.capacity() < size || parser.max_depth() != max_json_depth)
      if (const auto error = parser.allocate(buffer.size(), max_json_depth))
        return document_error_of(error);

    Element root;
    if (const auto error = parser.parse(buffer.data(), size, false).get(root))
      return document_error_of(error);
    object fields;
    if (root.get(fields) != simdjson::SUCCESS)
      return document_error("wrong_type", "the document must be one JSON object");
    return fields;
  }

  /// Puts the numbers into `data` as the document has them: a price of 19.90 stays "19.90".
  void keep_numbers_as_written(std::vector<std::pair<std::string, std::string>>& data) {
    simdjson::ondemand::document document;
    if (raw_parser.iterate(buffer.data(), size, buffer.size()).get(document)) return;
    simdjson::ondemand::object fields;
    if (document["data"].get(fields)) return;
    std::size_t i = 0;
    for (auto field : fields) {
      simdjson::ondemand::value value;
      if (field.value().get(value) || i == data.size()) return;
      simdjson::ondemand::json_type type;
      if (value.type().get(type)) return;
      if (type == simdjson::ondemand::json_type::null) continue;  // read_data() left it out
      if (type == simdjson::ondemand::json_type::number) {
        std::string_view raw = value.raw_json_token();
        raw = raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1);
        if (raw.size() <= EventLimits::data_value) data[i].second = raw;
      }
      ++i;
    }
  }
};

JsonReader::JsonReader() : impl_{std::make_unique<Impl>()} {}
JsonReader::~JsonReader() = default;

std::variant<OrderEvent, FieldError> JsonReader::order_event(std::string_view json) {
  auto loaded = impl_->load(json);
  if (auto* refusal = std::get_if<FieldError>(&loaded)) return std::move(*refusal);
  Draft draft;
  if (auto failure = read_object(std::get<object>(loaded), "", event_fields, draft))
    return std::move(*failure);
  if (draft.has_fraction) impl_->keep_numbers_as_written(draft.event.data);
  return std::move(draft.event);
}

std::variant<Customer, FieldError> JsonReader::customer(std::string_view json, std::string_view id,
                                                        std::string_view default_region) {
  auto loaded = impl_->load(json);
  if (auto* refusal = std::get_if<FieldError>(&loaded)) return std::move(*refusal);
  Customer customer;
  if (auto failure = read_object(std::get<object>(loaded), "", customer_fields, customer))
    return std::move(*failure);
  if (customer.id.empty() && id.empty())
    return FieldError{"missing_field", "/id", "this field is required"};
  if (!customer.id.empty() && !id.empty() && customer.id != id)
    return FieldError{"conflict", "/id", "the id in the URL is another one; leave this one out"};
  if (customer.id.empty()) {
    if (id.size() > EventLimits::customer_id)
      return FieldError{"too_long", "/id",
                        "at most " + std::to_string(EventLimits::customer_id) + " bytes of UTF-8"};
    const auto is_control = [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    if (std::any_of(id.begin(), id.end(), is_control))
      return FieldError{"invalid_character", "/id", "control characters are not allowed here"};
    customer.id = id;
  }
  if (customer.contact.phone) {
    const auto region = customer.contact.region.value_or(std::string{default_region});
    customer.phone = normalise_phone(*customer.contact.phone, region);
  }
  return customer;
}

std::variant<GivenNumber, FieldError> JsonReader::number(std::string_view json) {
  auto loaded = impl_->load(json);
  if (auto* refusal = std::get_if<FieldError>(&loaded)) return std::move(*refusal);
  Contact contact;
  if (auto failure = read_object(std::get<object>(loaded), "", number_fields, contact))
    return std::move(*failure);
  return GivenNumber{contact.phone.value_or(""), contact.region.value_or("")};
}

}  // namespace postrider::message
