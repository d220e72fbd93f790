#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/http/api/preview.hpp"
#include "programs/cli/commands.hpp"
#include "programs/shop.hpp"
#include "programs/store_access/aws_store.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct PreviewOptions {
  ServerOptions server;
  std::string status, locale, country, order, link;
  std::vector<std::string> data;
};

std::string request_of(const PreviewOptions& o) {
  json body{{"status", o.status}};
  const auto add = [&](const char* field, const std::string& value) {
    if (!value.empty()) body[field] = value;
  };
  add("locale", o.locale);
  add("country", o.country);
  add("order_id", o.order);
  add("tracking_url", o.link);
  for (const auto& entry : o.data) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError{"--data " + entry + ": write it as name=value"};
    body["data"][entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  return dump(body);
}

/// The answer by the configuration alone, without a service or a store.
HttpAnswer local_answer(const PreviewOptions& o, const std::string& request) {
  const auto loaded = settings::load_config(o.server.sources);
  settings::validate(loaded, true);
  const auto& config = loaded.config;
  const Shop shop{config};
  auto answer = adapters::http::preview(shop.composer, config.sms.currency, request);
  return {answer.status, std::string{answer.content_type}, std::move(answer.body), {}};
}

/// Throws UsageError where options contradict each other, or one would have no effect.
void refuse_mixed(const CLI::App& command, const ServerOptions& o) {
  const auto given = [&](const char* name) { return !command.get_option(name)->empty(); };
  const bool of_stack = given("--aws"), of_service = given("--server");
  if (of_stack && of_service) throw UsageError{"--server and --aws: choose one"};
  if (of_stack && o.aws_stack.empty()) throw UsageError{"--aws: the stack has no name"};
  if (of_service && o.server.empty()) throw UsageError{"--server: the service has no address"};
  if (given("--key-file") && !of_service)
    throw UsageError{"--key-file: only a service asks for a key; add --server"};
  for (const auto* name : {"--config", "--set", "--home"})
    if ((of_stack || of_service) && given(name))
      throw UsageError{std::string{name} +
                       (of_stack ? ": with --aws the settings are those that are deployed"
                                 : ": a service has settings of its own")};
}

json preview_of(const PreviewOptions& o) {
  const auto request = request_of(o);
  if (!o.server.aws_stack.empty())
    return ask(*open_aws_client(o.server.aws_stack), "POST", "/v1/preview", request);
  if (!o.server.server.empty())
    return ask(*make_http_client(o.server), "POST", "/v1/preview", request);
  const auto answer = local_answer(o, request);
  if (answer.status != 200) throw Refused{explain_problem(answer)};
  return json::parse(answer.body);
}

/// A text with each of its lines indented by two spaces.
std::string indented(const std::string& text) {
  std::istringstream lines{text};
  std::string out;
  for (std::string line; std::getline(lines, line);)
    out += (line.empty() ? "" : "  " + plain(line)) + "\n";
  return out;
}

std::string counted(const json& number, const char* noun) {
  const int n = number.get<int>();
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string price_line(const json& preview) {
  const auto& sms = preview["sms"];
  const auto country = text_of(preview, "country");
  if (country.empty()) return "not known without a country: give --country";
  const auto reason = text_of(sms, "reason");
  if (sms["price"].is_null())
    return "not known for " + country + ", so no SMS is sent there (" + reason + ")";
  std::string line = text_of(sms, "price") + " " + text_of(sms, "currency") + " at most to " +
                     country + ", " + text_of(sms, "price_per_part") + " a segment";
  if (const auto date = text_of(sms, "price_date"); !date.empty())
    line += " (" + date + ", " + text_of(sms, "price_source") + ")";
  if (!reason.empty()) line += "; none is sent: " + reason;
  return plain(line);
}

void show_preview(const json& preview) {
  const auto& sms = preview["sms"];
  const auto& plain_text = sms["original"];
  std::cout << "SMS\n"
            << indented(text_of(sms, "text")) << "\n"
            << "  encoding   " << text_of(sms, "encoding") << "\n"
            << "  length     " << sms["units"]
            << (sms["encoding"] == "GSM-7" ? " septets" : " units") << " in "
            << counted(sms["segments"], "segment") << "\n"
            << "  price      " << price_line(preview) << "\n";
  if (!sms["replaced"].empty()) {
    std::string pairs;
    for (const auto& pair : sms["replaced"])
      pairs += (pairs.empty() ? "" : ", ") + text_of(pair, "from") + " → " + text_of(pair, "to");
    std::cout << "  replaced   " << plain(pairs)
              << " (as written: " << text_of(plain_text, "encoding") << ", "
              << counted(plain_text["segments"], "segment") << ")\n";
  }
  std::cout << "  template   " << plain(text_of(preview, "template")) << "\n"
            << "\nE-mail\n"
            << "  subject    " << plain(text_of(preview["email"], "subject")) << "\n\n"
            << indented(text_of(preview["email"], "text"));
}

}  // namespace

void add_preview_command(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<PreviewOptions>();
  o->server.server.clear();
  auto* command =
      app.add_subcommand("preview", "Show a message's texts, its SMS segments and its price");
  command->add_option("--status", o->status, "status of the order, such as shipped")->required();
  command->add_option("--locale", o->locale, "language, such as de or pt-BR");
  command->add_option("--country", o->country, "country of the phone, such as DE");
  command->add_option("--order", o->order, "number of the order");
  command->add_option("--link", o->link, "tracking link");
  add_repeated_option(*command, "--data", o->data, "a value of the event, as name=value");
  command->add_option("--config", o->server.sources.file,
                      "TOML file of settings; else that of POSTRIDER_CONFIG");
  add_repeated_option(*command, "--set", o->server.sources.sets, "one setting, as key=value");
  add_home_option(*command, o->server.sources);
  command->add_option("--server", o->server.server, "ask this service instead of a configuration");
  command->add_option("--key-file", o->server.key_file, "file with the service's API key");
  command->add_option("--aws", o->server.aws_stack,
                      "name of a deployed stack: preview with its settings");
  command->add_flag("--json", o->server.json, "answer as JSON, for programs");
  command->callback([o, command, &exit_code] {
    refuse_mixed(*command, o->server);
    take_variable(o->server.sources.file, *command->get_option("--config"), "POSTRIDER_CONFIG");
    const auto preview = preview_of(*o);
    if (o->server.json)
      std::cout << dump(preview) << "\n";
    else
      show_preview(preview);
    exit_code = exit_done;
  });
}

}  // namespace postrider::programs
