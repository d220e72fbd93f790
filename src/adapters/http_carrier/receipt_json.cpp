#include "adapters/http_carrier/receipt_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "domain/delivery/receipt_limits.hpp"
#include "message/json/json_split.hpp"
#include "message/json/receipt_fields.hpp"
#include "message/text/ascii.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using domain::Proof;
using domain::Receipt;
using domain::ReceiptOutcome;
using message::FieldError;
using message::is_digit;
using message::lower;
using nlohmann::json;

struct StatusRow {
  std::string_view status;
  ReceiptOutcome outcome;
  Proof proof;
};

// The words of SMPP 3.4 (§5.2.28 and appendix B), of carriers' HTTP APIs (Twilio, Vonage, Bird,
// Sinch, Infobip, Plivo, Telnyx) and of Postrider. `unknown` is SMPP's state of a message of which
// the network knows nothing: no proof of a failure, so the next word or the deadline decides.
constexpr auto statuses = std::to_array<StatusRow>({
    {"delivered", ReceiptOutcome::delivered, Proof::handset},
    {"delivrd", ReceiptOutcome::delivered, Proof::handset},
    {"delivered_to_handset", ReceiptOutcome::delivered, Proof::handset},
    {"read", ReceiptOutcome::delivered, Proof::handset},
    {"delivered_to_carrier", ReceiptOutcome::delivered, Proof::carrier},
    {"delivered_to_operator", ReceiptOutcome::delivered, Proof::carrier},
    {"accepted", ReceiptOutcome::accepted, Proof::none},
    {"acceptd", ReceiptOutcome::accepted, Proof::none},
    {"scheduled", ReceiptOutcome::accepted, Proof::none},
    {"queued", ReceiptOutcome::accepted, Proof::none},
    {"sending", ReceiptOutcome::accepted, Proof::none},
    {"sent", ReceiptOutcome::accepted, Proof::none},
    {"submitted", ReceiptOutcome::accepted, Proof::none},
    {"dispatched", ReceiptOutcome::accepted, Proof::none},
    {"buffered", ReceiptOutcome::accepted, Proof::none},
    {"pending", ReceiptOutcome::accepted, Proof::none},
    {"pending_accepted", ReceiptOutcome::accepted, Proof::none},
    {"pending_enroute", ReceiptOutcome::accepted, Proof::none},
    {"pending_waiting_delivery", ReceiptOutcome::accepted, Proof::none},
    {"enroute", ReceiptOutcome::accepted, Proof::none},
    {"delivery_unconfirmed", ReceiptOutcome::accepted, Proof::none},
    {"unknown", ReceiptOutcome::accepted, Proof::none},
    {"failed_temporary", ReceiptOutcome::failed_temporary, Proof::none},
    {"undelivered", ReceiptOutcome::failed_temporary, Proof::none},
    {"undeliv", ReceiptOutcome::failed_temporary, Proof::none},
    {"undeliverable", ReceiptOutcome::failed_temporary, Proof::none},
    {"expired", ReceiptOutcome::failed_temporary, Proof::none},
    {"unreachable", ReceiptOutcome::failed_temporary, Proof::none},
    {"absent", ReceiptOutcome::failed_temporary, Proof::none},
    {"failed", ReceiptOutcome::failed_permanent, Proof::none},
    {"failed_permanent", ReceiptOutcome::failed_permanent, Proof::none},
    {"sending_failed", ReceiptOutcome::failed_permanent, Proof::none},
    {"delivery_failed", ReceiptOutcome::failed_permanent, Proof::none},
    {"rejected", ReceiptOutcome::failed_permanent, Proof::none},
    {"rejectd", ReceiptOutcome::failed_permanent, Proof::none},
    {"blocked", ReceiptOutcome::failed_permanent, Proof::none},
    {"deleted", ReceiptOutcome::failed_permanent, Proof::none},
    {"aborted", ReceiptOutcome::failed_permanent, Proof::none},
    {"skipped", ReceiptOutcome::failed_permanent, Proof::none},
    {"invalid_number", ReceiptOutcome::failed_permanent, Proof::none},
    {"canceled", ReceiptOutcome::failed_permanent, Proof::none},
    {"cancelled", ReceiptOutcome::failed_permanent, Proof::none},
    {"opted_out", ReceiptOutcome::opted_out, Proof::none},
    {"unsubscribed", ReceiptOutcome::opted_out, Proof::none},
    {"account", ReceiptOutcome::account, Proof::none},
    {"account_suspended", ReceiptOutcome::account, Proof::none},
    {"no_credit", ReceiptOutcome::account, Proof::none},
    {"insufficient_balance", ReceiptOutcome::account, Proof::none},
    {"spend_limit", ReceiptOutcome::account, Proof::none},
});

constexpr std::size_t longest_code = 40;
constexpr std::size_t longest_digits = 5;  // a longer run may be a phone number

/// Whether the body is nested deeper than permitted. Asked before parsing, because the parser keeps
/// a stack as deep as the body.
bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > message::max_json_depth) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

/// A reader of one receipt. Only the message's id and the status can void it.
class ReceiptReader {
 public:
  ReceiptReader(const json& object, std::string pointer) : object_{object}, pointer_{pointer} {}

  std::variant<Receipt, FieldError> read(std::string_view carrier, domain::TimePoint now) {
    Receipt receipt;
    receipt.carrier = carrier;
    if (!object_.is_object())
      return FieldError{"wrong_type", pointer_, "a receipt is a JSON object"};
    if (!message_id(receipt) || !status(receipt)) return error_;
    if (receipt.detail.empty()) receipt.detail = detail();
    receipt.at = message::receipt_time(member("at")).value_or(now);
    receipt.price = message::receipt_price(member("price"));
    receipt.segments = message::receipt_segments(member("segments"));
    receipt.reference = message::receipt_reference(member("reference"), member("attempt"));
    if (receipt.outcome == ReceiptOutcome::delivered)
      receipt.proof = message::receipt_proof(member("proof")).value_or(receipt.proof);
    return receipt;
  }

 private:
  const json& member(const char* key) const {
    static const json none;
    const auto found = object_.find(key);
    return found == object_.end() ? none : *found;
  }
  bool fail(std::string code, const char* key, std::string hint) {
    error_ = {std::move(code), pointer_ + "/" + key, std::move(hint)};
    return false;
  }

  bool message_id(Receipt& receipt) {
    const auto& value = member("message_id");
    if (value.is_null()) return fail("missing_field", "message_id", "the id that was answered");
    if (!value.is_string() && !value.is_number_integer())
      return fail("wrong_type", "message_id", "a string or a whole number below 2^64");
    receipt.message_id = message::receipt_message_id(value);
    if (receipt.message_id.empty()) return fail("missing_field", "message_id", "must not be empty");
    if (!domain::is_message_id(receipt.message_id))
      return fail("too_long", "message_id", "at most 128 octets");
    return true;
  }

  bool status(Receipt& receipt) {
    const auto& value = member("status");
    if (value.is_null()) return fail("missing_field", "status", "such as \"delivered\"");
    if (!value.is_string()) return fail("wrong_type", "status", "a string is expected");
    std::string text{message::trimmed(value.get_ref<const std::string&>())};
    if (text.empty()) return fail("missing_field", "status", "must not be empty");
    for (auto& c : text) c = c == '-' || c == ' ' ? '_' : lower(c);
    const auto* row = std::find_if(statuses.begin(), statuses.end(),
                                   [&text](const auto& known) { return known.status == text; });
    if (row == statuses.end()) {
      receipt.outcome = ReceiptOutcome::accepted;
      receipt.detail = domain::unknown_word;
    } else {
      receipt.outcome = row->outcome;
      receipt.proof = row->proof;
    }
    return true;
  }

  std::string detail() const {
    const auto& value = member("detail");
    if (value.is_number_integer()) return detail_code(value.dump());
    if (!value.is_string()) return {};
    auto code = detail_code(value.get_ref<const std::string&>());
    return code == domain::unknown_word ? std::string{} : code;  // the program's own code
  }

  const json& object_;
  std::string pointer_;
  FieldError error_;
};

using message::ReceiptBatch;
using Parsed = std::variant<ReceiptBatch, FieldError>;

/// The refusal of a body of which nothing could be read; else deep members are left out.
Parsed nested_too_deep() { return FieldError{"too_deep", "", "at most 32 levels"}; }

Parsed too_many() {
  return FieldError{"too_many", "", "at most " + std::to_string(max_receipts) + " receipts"};
}

void read_into(ReceiptBatch& batch, const json& object, std::size_t index, std::string_view carrier,
               domain::TimePoint now) {
  auto one = ReceiptReader{object, "/" + std::to_string(index)}.read(carrier, now);
  if (auto* error = std::get_if<FieldError>(&one)) {
    batch.refused.push_back(std::move(*error));
  } else {
    batch.receipts.push_back(std::get<Receipt>(std::move(one)));
  }
}

json document_of(std::string_view text) {
  return too_deep(text) ? json(json::value_t::discarded) : json::parse(text, nullptr, false);
}

/// The object that `text` is without the members that can't be read; nullopt where it is none.
std::optional<json> readable_part(std::string_view text) {
  const auto parts = message::split_json_object(text);
  if (!parts) return std::nullopt;
  json object = json::object();
  for (const auto& [key, value] : *parts) {
    const auto name = document_of(key);
    if (!name.is_string()) continue;
    if (auto read = document_of(value); !read.is_discarded()) object[name] = std::move(read);
  }
  return object;
}

/// Reads one receipt by itself; false where it is no JSON document.
bool read_text(ReceiptBatch& batch, std::string_view text, std::size_t index,
               std::string_view carrier, domain::TimePoint now) {
  if (const auto document = document_of(text); !document.is_discarded()) {
    read_into(batch, document, index, carrier, now);
    return true;
  }
  if (const auto part = readable_part(text)) {
    read_into(batch, *part, index, carrier, now);
    return true;
  }
  batch.refused.push_back(
      {"invalid_json", "/" + std::to_string(index), "this receipt is no JSON document"});
  return false;
}

/// The elements of an array of which one at least is broken.
Parsed read_elements(const std::vector<std::string_view>& elements, std::string_view carrier,
                     domain::TimePoint now) {
  if (elements.size() > max_receipts) return too_many();
  ReceiptBatch batch;
  for (std::size_t i = 0; i < elements.size(); ++i) read_text(batch, elements[i], i, carrier, now);
  return batch;
}

Parsed read_array(const json& array, std::string_view carrier, domain::TimePoint now) {
  if (array.size() > max_receipts) return too_many();
  ReceiptBatch batch;
  batch.receipts.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) read_into(batch, array[i], i, carrier, now);
  return batch;
}

/// One document a line; empty lines do not count.
Parsed read_lines(std::string_view body, std::string_view carrier, domain::TimePoint now) {
  ReceiptBatch batch;
  std::size_t count = 0;
  std::size_t documents = 0;
  while (!body.empty()) {
    const auto end = body.find('\n');
    const auto line = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (count == max_receipts) return too_many();
    documents += read_text(batch, line, count, carrier, now);
    ++count;
  }
  if (documents == 0)
    return FieldError{"invalid_json", "", "an object, an array, or one object a line"};
  return batch;
}

}  // namespace

std::string detail_code(std::string_view text) {
  std::string code;
  std::size_t digits = 0;
  std::size_t max_digits = 0;
  for (const char each : text) {
    const char c = lower(each);
    digits = is_digit(c) ? digits + 1 : (c == ' ' || c == '-' || c == '.') ? digits : 0;
    max_digits = std::max(max_digits, digits);
    if (c == '@') return "free_text";
    if ((c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '.' || c == '-') {
      code += c;
    } else if (!code.empty() && code.back() != '_') {
      code += '_';
    }
  }
  while (!code.empty() && code.back() == '_') code.pop_back();
  if (code.size() > longest_code || max_digits > longest_digits) return "free_text";
  if (code.empty() && !text.empty()) return "free_text";
  return code;
}

std::variant<ReceiptBatch, FieldError> parse_receipts(std::string_view body,
                                                      std::string_view carrier,
                                                      domain::TimePoint now) {
  json document = document_of(body);
  if (document.is_discarded()) {
    // The body as a whole can't be read: what of it can is.
    if (const auto elements = message::split_json_array(body, max_receipts)) {
      auto read = read_elements(*elements, carrier, now);
      const auto* batch = std::get_if<ReceiptBatch>(&read);
      if (batch == nullptr || !batch->receipts.empty() || !too_deep(body)) return read;
      return nested_too_deep();
    }
    auto part = readable_part(body);
    if (!part) return read_lines(body, carrier, now);
    document = *std::move(part);
  }
  if (document.is_array()) return read_array(document, carrier, now);
  auto one = ReceiptReader{document, ""}.read(carrier, now);
  if (auto* error = std::get_if<FieldError>(&one)) {
    if (too_deep(body)) return nested_too_deep();
    return std::move(*error);
  }
  ReceiptBatch batch;
  batch.receipts.push_back(std::get<Receipt>(std::move(one)));
  return batch;
}

}  // namespace postrider::adapters::http_carrier
