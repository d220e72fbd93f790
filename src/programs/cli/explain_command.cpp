#include <simdjson.h>

#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "adapters/aws/end_user_messaging/text_event.hpp"
#include "adapters/aws/ses/mail_event.hpp"
#include "adapters/aws/sns/receipt.hpp"
#include "adapters/http/server/json_text.hpp"
#include "domain/delivery/lifecycle.hpp"
#include "message/phone/phone.hpp"
#include "message/text/replacement.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/explain.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {
namespace {

using Json = nlohmann::ordered_json;
using adapters::http::append_json;

Json optional_text(std::string_view text) { return text.empty() ? Json() : Json(text); }

/// Answers each line of standard input with one line of standard output. The answer is written
/// before the next line is waited for.
void explain_each_line(const std::function<std::string(const std::string&)>& explain) {
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  for (std::string line; std::getline(std::cin, line);) {
    if (line.ends_with('\r')) line.pop_back();
    std::cout << explain(line) << '\n';
    if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
  }
}

void append_count(std::string& out, const message::SegmentCount& count) {
  out.append(R"("encoding":")").append(domain::name(count.encoding));
  out.append(R"(","segments":)").append(std::to_string(count.segments));
}

}  // namespace

std::string explain_segments(const std::string& line) {
  thread_local simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(line).get_string().get(text) != simdjson::SUCCESS)
    return R"({"error":"the line is not a JSON string"})";
  const auto replaced = message::replace_for_gsm7(text);
  // Without a JSON document, which took most of the time.
  std::string out = R"({"text":)";
  append_json(out, replaced.text);
  append_count(out.append(","), replaced.count);
  out.append(R"(,"units":)")
      .append(std::to_string(replaced.count.units))
      .append(R"(,"replaced":[)");
  for (const auto& [from, to] : replaced.replaced) {
    if (out.back() != '[') out += ',';
    append_json(out.append(R"({"from":)"), from);
    append_json(out.append(R"(,"to":)"), to);
    out += '}';
  }
  append_count(out.append(R"(],"original":{)"), replaced.plain);
  return out.append("}}");
}

std::string explain_phone(const std::string& line, const std::string& region) {
  const auto number = message::normalise_phone(line, region);
  return Json{{"input", line},
              {"valid", number.valid()},
              {"e164", optional_text(number.e164)},
              {"region", optional_text(number.country)},
              {"type", optional_text(number.type)},
              {"reason", optional_text(domain::phone_problem(number.problem))}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

using ReceiptOrError = std::variant<domain::Receipt, message::FieldError>;

ReceiptOrError receipt_in(const std::string& line, const std::string& format) {
  const auto now = wall_now();
  if (format == "sns") return adapters::aws::sns::parse_delivery_log(line, now);
  if (format == "eum") return adapters::aws::end_user_messaging::parse_text_event(line, now);
  return adapters::aws::ses::parse_mail_event(line, now);
}

}  // namespace

std::string explain_receipt(const std::string& line, const std::string& format) {
  Json out{{"message_id", nullptr}, {"outcome", nullptr}, {"proof", nullptr},   {"detail", nullptr},
           {"at", nullptr},         {"price", nullptr},   {"segments", nullptr}};
  const auto read = receipt_in(line, format);
  if (const auto* error = std::get_if<message::FieldError>(&read)) {
    const auto where = error->pointer.empty() ? "" : " at " + error->pointer;
    out["error"] = error->code + where + ": expected " + error->hint;
    return out.dump();
  }
  const auto& receipt = std::get<domain::Receipt>(read);
  out["message_id"] = receipt.message_id;
  out["outcome"] = domain::name(receipt.outcome);
  if (receipt.proof != domain::Proof::none) out["proof"] = domain::name(receipt.proof);
  out["detail"] = optional_text(receipt.detail);
  out["at"] = message::format_timestamp(receipt.at);
  constexpr double micros = 1e6;
  if (receipt.price) out["price"] = static_cast<double>(receipt.price->micros) / micros;
  if (receipt.segments) out["segments"] = *receipt.segments;
  out["error"] = nullptr;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void add_explain_command(CLI::App& app, int& exit_code) {
  auto* explain =
      app.add_subcommand("explain", "Explain each line of standard input as a line of JSON");
  explain->require_subcommand(1);
  explain->add_subcommand("segments", "SMS parts of texts (each line a JSON string)")
      ->callback([&exit_code] {
        explain_each_line(explain_segments);
        exit_code = exit_done;
      });
  auto region = std::make_shared<std::string>();
  auto* phone = explain->add_subcommand("phone", "Phone numbers as people type them");
  phone->add_option("--region", *region, "country of numbers without a country code, such as US");
  phone->callback([region, &exit_code] {
    explain_each_line([&](const std::string& line) { return explain_phone(line, *region); });
    exit_code = exit_done;
  });
  auto format = std::make_shared<std::string>();
  auto* receipt = explain->add_subcommand("receipt", "Receipts as providers write them");
  receipt
      ->add_option("--format", *format,
                   "sns: a line of SNS's delivery log; eum: an event of End User Messaging; "
                   "ses: an event of SES")
      ->required()
      ->check(CLI::IsMember({"sns", "eum", "ses"}));
  receipt->callback([format, &exit_code] {
    explain_each_line([&](const std::string& line) { return explain_receipt(line, *format); });
    exit_code = exit_done;
  });
  explain->add_subcommand("lifecycle", "The states of a notification, as Markdown with a drawing")
      ->callback([&exit_code] {
        std::cout << domain::draw_lifecycle();
        exit_code = exit_done;
      });
}

}  // namespace postrider::programs
