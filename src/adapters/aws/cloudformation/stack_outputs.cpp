#include "adapters/aws/cloudformation/stack_outputs.hpp"
#include "adapters/aws/client/text.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace postrider::adapters::aws::cloudformation {
namespace {

using client::between;

std::string without_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  std::string plain;
  while (!text.empty()) {
    std::size_t used = 1;
    char c = text.front();
    for (const auto& [entity, stands_for] : entities)
      if (text.starts_with(entity)) {
        used = entity.size();
        c = stands_for;
      }
    plain += c;
    text.remove_prefix(used);
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

domain::Result<std::map<std::string, std::string>> stack_outputs(client::Client& client,
                                                                 const std::string& stack) {
  using domain::Error;
  using domain::ErrorKind;
  if (!is_stack_name(stack))
    return Error{ErrorKind::invalid, "\"" + stack + "\" is not the name of a stack"};
  const client::Call call{client::cloudformation,
                          "",
                          "application/x-www-form-urlencoded",
                          "/",
                          "Action=DescribeStacks&Version=2010-05-15&StackName=" + stack,
                          client::Repeat::safe,
                          "DescribeStacks"};
  const auto reply = client.call(call);
  if (const auto* answer = std::get_if<client::Answer>(&reply)) return parse_outputs(answer->body);
  const auto* refusal = std::get_if<client::Refusal>(&reply);
  if (refusal != nullptr && refusal->code == "ValidationError")
    return Error{ErrorKind::invalid, "there is no stack " + stack + " in " +
                                         client.settings().region + " for these credentials"};
  return client::error_of(call, reply);
}

}  // namespace postrider::adapters::aws::cloudformation
