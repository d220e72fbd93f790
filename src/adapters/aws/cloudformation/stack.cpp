#include "adapters/aws/cloudformation/stack.hpp"

#include "adapters/aws/client/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace postrider::adapters::aws::cloudformation {
namespace {

using client::between;

/// The octet of a reference such as "#10" or "#xA" (XML 1.0 §4.1), which stands for itself in
/// ASCII; nothing for another text.
std::optional<char> referenced(std::string_view name) {
  if (!name.starts_with('#')) return std::nullopt;
  const bool hex = name.starts_with("#x");
  const auto digits = name.substr(hex ? 2 : 1);
  int value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
  if (error != std::errc{} || rest != end || value <= 0 || value > 0x7f) return std::nullopt;
  return static_cast<char>(value);
}

std::string without_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"amp", '&'}}};
  constexpr std::size_t longest = 8;
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const auto end = text.front() == '&' ? text.substr(0, longest).find(';') : text.npos;
    if (end == text.npos) {
      plain += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto name = text.substr(1, end - 1);
    const auto* const entity = std::find_if(entities.begin(), entities.end(),
                                            [&](const auto& e) { return e.first == name; });
    if (entity != entities.end()) {
      plain += entity->second;
    } else if (const auto octet = referenced(name)) {
      plain += *octet;
    } else {
      plain += text.substr(0, end + 1);
    }
    text.remove_prefix(end + 1);
  }
  return plain;
}

bool is_stack_name(std::string_view name) {
  // CreateStack: letters, digits and hyphens, at most 128; an ARN has more.
  constexpr std::size_t longest = 128;
  if (name.empty() || name.size() > longest) return false;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '-') return false;
  }
  return true;
}

/// The body of CloudFormation's answer about a stack.
domain::Result<std::string> ask(client::Client& client, const std::string& action,
                                const std::string& stack, const std::string& more = {}) {
  using domain::Error;
  using domain::ErrorKind;
  if (!is_stack_name(stack))
    return Error{ErrorKind::invalid, "\"" + stack + "\" is not the name of a stack"};
  const client::Call call{client::cloudformation,
                          "",
                          "application/x-www-form-urlencoded",
                          "/",
                          "Action=" + action + "&Version=2010-05-15&StackName=" + stack + more,
                          client::Repeat::safe,
                          action};
  const auto reply = client.call(call);
  if (const auto* answer = std::get_if<client::Answer>(&reply)) return answer->body;
  const auto* refusal = std::get_if<client::Refusal>(&reply);
  if (refusal != nullptr && refusal->code == "ValidationError")
    return Error{ErrorKind::invalid, "there is no stack " + stack + " in " +
                                         client.settings().region + " for these credentials"};
  return client::error_of(call, reply);
}

}  // namespace

std::map<std::string, std::string> parse_outputs(const std::string& xml) {
  std::map<std::string, std::string> outputs;
  std::string_view rest = between(xml, "<Outputs>", "</Outputs>");
  constexpr std::string_view end_of_one = "</member>";
  while (true) {
    const auto end = rest.find(end_of_one);
    if (end == std::string_view::npos) return outputs;
    const auto output = rest.substr(0, end);
    rest.remove_prefix(end + end_of_one.size());
    const auto key = between(output, "<OutputKey>", "</OutputKey>");
    const auto value = between(output, "<OutputValue>", "</OutputValue>");
    if (!key.empty()) outputs[std::string{key}] = without_entities(value);
  }
}

std::string parse_template(const std::string& xml) {
  return without_entities(between(xml, "<TemplateBody>", "</TemplateBody>"));
}

domain::Result<std::map<std::string, std::string>> stack_outputs(client::Client& client,
                                                                 const std::string& stack) {
  const auto answer = ask(client, "DescribeStacks", stack);
  if (!answer) return answer.error();
  return parse_outputs(*answer);
}

domain::Result<std::string> stack_template(client::Client& client, const std::string& stack) {
  const auto answer = ask(client, "GetTemplate", stack, "&TemplateStage=Original");
  if (!answer) return answer.error();
  return parse_template(*answer);
}

}  // namespace postrider::adapters::aws::cloudformation
