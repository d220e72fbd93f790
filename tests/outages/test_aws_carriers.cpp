// Every row of the tables of SNS and End User Messaging played by a server.
#include <gtest/gtest.h>

#include <map>

#include "adapters/aws/client/sms_outcome.hpp"
#include "adapters/aws/end_user_messaging/sms_carrier.hpp"
#include "adapters/aws/peer_client.hpp"
#include "adapters/aws/sns/sms_carrier.hpp"
#include "outages/played_carrier.hpp"

namespace postrider::outages {
namespace {

using namespace adapters::aws;
using domain::Fault;
using wire::http_answer;

std::string xml(int status, const std::string& code, const std::string& message = "…") {
  return http_answer(status, "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + message +
                                 "</Message></Error></ErrorResponse>");
}

/// An answer of SNS for each row of the table of all of AWS.
const std::map<std::string, std::string> sns_examples{
    {"* * throttle", xml(400, "Throttling")},
    {"* * stale", xml(403, "SignatureDoesNotMatch", "Signature expired: …")},
    {"5*", xml(500, "InternalError")},
    {"401", http_answer(401, "")},
    {"403", http_answer(403, "")},
    {"404", xml(404, "NotFound")},
    {"4* AuthorizationError", xml(400, "AuthorizationError")},
    {"4* AccessDenied*", xml(400, "AccessDeniedException")},
    {"4* InvalidClientTokenId", xml(400, "InvalidClientTokenId")},
    {"4* SignatureDoesNotMatch", xml(400, "SignatureDoesNotMatch")},
    {"4* InvalidSignatureException", xml(400, "InvalidSignatureException")},
    {"4* MissingAuthenticationToken", xml(400, "MissingAuthenticationToken")},
    {"4* UnrecognizedClientException", xml(400, "UnrecognizedClientException")},
    {"4* OptInRequired", xml(400, "OptInRequired")},
    {"4* KMS*", xml(400, "KMSDisabled")},
    {"4*", xml(400, "InvalidParameter")},
    {"*", http_answer(200, "<PublishResponse/>")},
};

class AwsOutage : public testing::Test {
 protected:
  AwsOutage() : sns_{aws_.client(), ""}, messaging_{aws_.client(), {}} {}

  Cost cost_of(ports::SmsCarrier& carrier, const std::string& octets, bool go_on = true) {
    aws_.answer(octets, go_on);
    return PlayedShop{carrier}.cost_of_one();
  }

  PeerClient aws_;
  sns::SnsSmsCarrier sns_;
  end_user_messaging::EndUserMessagingCarrier messaging_;
};

TEST_F(AwsOutage, EachRowOfTheTableCostsWhatThePageSays) {
  for (const auto& row : client::faults()) {
    const std::string name{row.answer};
    if (name == "none not_done") continue;  // no connection: tests of the client
    ASSERT_TRUE(sns_examples.contains(name)) << name << " has no example";
    expect_cost(cost_of(sns_, sns_examples.at(name)), row.fault, name);
  }
  expect_cost(cost_of(sns_, "", false), Fault::unknown, "a hang-up");
}

TEST_F(AwsOutage, EachReasonOfEndUserMessagingCostsWhatThePageSays) {
  for (const auto& row : end_user_messaging::faults()) {
    std::istringstream words{std::string{row.answer}};
    std::string status, type, reason;
    words >> status >> type >> reason;
    const auto whole = [](std::string word, const std::string& any) {
      if (word == "*") return any;
      if (word.ends_with('*')) word.back() = 'X';
      return word;
    };
    const auto octets = json_refusal(400, whole(type, "ConflictException"), whole(reason, "OTHER"));
    expect_cost(cost_of(messaging_, octets), row.fault, std::string{row.answer});
  }
}

}  // namespace
}  // namespace postrider::outages
