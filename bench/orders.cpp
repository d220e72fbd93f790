#include "orders.hpp"

#include <algorithm>
#include <cstring>

namespace postrider::bench {
namespace {

constexpr std::string_view order_pattern = "ORD-##########";
constexpr std::string_view customer_pattern = "C-@@@@@@";
constexpr std::string_view phone_pattern = "+4915110@@@@@@";  // German mobile numbers, all valid
constexpr std::string_view email_pattern = "customer.@@@@@@~mail.example";
constexpr std::string_view link_pattern = "https://shop.example/t/ORD-##########";

constexpr std::uint64_t customer_step = 618'033;  // has no factor in common with `customers`

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finisher
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace

NumberedText::NumberedText(std::string pattern) : text_{std::move(pattern)} {
  for (std::size_t at = 0; at < text_.size();) {
    const char mark = text_[at];
    if (mark != '#' && mark != '@') {
      ++at;
      continue;
    }
    const auto end = std::min(text_.find_first_not_of(mark, at), text_.size());
    fields_.push_back({at, end - at, mark == '@'});
    at = end;
  }
  for (char& c : text_)
    if (c == '~') c = '@';
  set(0);
}

void NumberedText::set(std::uint64_t order) {
  for (const Field& field : fields_) {
    auto number = field.customer ? order * customer_step % customers : order;
    for (std::size_t i = field.width; i-- > 0; number /= 10)
      text_[field.at + i] = static_cast<char>('0' + number % 10);
  }
}

std::string event_pattern() {
  std::string json{R"({"order_id":")"};
  json.append(order_pattern).append(R"(","customer_id":")").append(customer_pattern);
  json.append(R"(","status":"shipped","tracking_url":")").append(link_pattern);
  json.append(R"(","locale":"en","contact":{"phone":")").append(phone_pattern);
  return json.append(R"(","email":")").append(email_pattern).append(R"("}})");
}

std::string request_pattern() {
  const auto body = event_pattern();
  return "POST /v1/order-events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
         "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

RowMaker::RowMaker(const TextLengths& lengths)
    : sms_(lengths.sms, 's'), subject_(lengths.subject, 'u'), email_text_(lengths.email, 'e') {}

std::vector<Row>& RowMaker::make(std::uint64_t first, std::size_t rows, std::int64_t now) {
  while (texts_.size() < rows)
    texts_.push_back(
        {NumberedText{std::string{order_pattern}}, NumberedText{std::string{customer_pattern}},
         NumberedText{std::string{phone_pattern}}, NumberedText{std::string{email_pattern}}});
  rows_.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    Texts& t = texts_[i];
    for (auto* text : {&t.order, &t.customer, &t.phone, &t.email}) text->set(first + i);
    Row& row = rows_[i];
    row.id = quick_id(t.order.text());
    row.fingerprint = row.id;
    row.shop = "default";
    row.order_id = t.order.text();
    row.customer_id = t.customer.text();
    row.status = "shipped";
    row.phone = t.phone.text();
    row.email = t.email.text();
    row.locale = "en";
    row.sms_text = sms_;
    row.email_subject = subject_;
    row.email_text = email_text_;
    row.created_at = now;
  }
  return rows_;
}

std::array<std::uint8_t, 16> quick_id(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  const std::array<std::uint64_t, 2> halves{mixed(hash), mixed(hash + 0x9E3779B97F4A7C15U)};
  std::array<std::uint8_t, 16> id{};
  std::memcpy(id.data(), halves.data(), id.size());
  return id;
}

}  // namespace postrider::bench
