#include "adapters/aws/sns/opted_out_numbers.hpp"

#include "adapters/aws/client/text.hpp"
#include "adapters/aws/sns/form.hpp"

namespace postrider::adapters::aws::sns {
namespace {

using client::between;

bool is_e164(std::string_view number) {
  constexpr std::size_t longest = 16;  // with the plus
  return number.size() > 1 && number.size() <= longest && number.starts_with('+') &&
         number.substr(1).find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

ports::OptOutPage parse_opted_out(std::string_view xml) {
  ports::OptOutPage page;
  page.next = between(xml, "<nextToken>", "</nextToken>");
  constexpr std::string_view begin = "<member>", end = "</member>";
  while (true) {
    const auto from = xml.find(begin);
    if (from == std::string_view::npos) return page;
    const auto number = between(xml.substr(from), begin, end);
    if (is_e164(number)) page.numbers.emplace_back(number);
    xml.remove_prefix(from + begin.size() + number.size());
  }
}

domain::Result<ports::OptOutPage> list_opted_out(client::Client& client, const std::string& token) {
  Form form{"ListPhoneNumbersOptedOut"};
  if (!token.empty()) form.add("nextToken", token);
  const client::Call call{client::sns,
                          "",
                          "application/x-www-form-urlencoded",
                          "/",
                          form.take(),
                          client::Repeat::safe,
                          "ListPhoneNumbersOptedOut"};
  const auto reply = client.call(call);
  if (const auto* answer = std::get_if<client::Answer>(&reply))
    return parse_opted_out(answer->body);
  return client::error_of(call, reply);
}

}  // namespace postrider::adapters::aws::sns
