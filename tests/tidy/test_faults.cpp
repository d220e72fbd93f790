// docs/whose_fault.md follows from the tables of the adapters.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/aws/client/sms_outcome.hpp"
#include "adapters/aws/end_user_messaging/sms_carrier.hpp"
#include "adapters/aws/ses/mailer.hpp"
#include "adapters/aws/sns/receipt.hpp"
#include "adapters/http_carrier/answer.hpp"
#include "adapters/smtp/smtp_answer.hpp"
#include "tidy/tree.hpp"

namespace postrider::tidy {
namespace {

struct Protocol {
  const char* title;
  const char* form;  // of an answer
  std::span<const domain::FaultRow> table;
};

const Protocol protocols[] = {
    {"HTTP carrier",
     "`<status>`, with `plain` behind it where the body has no `code`: then a proxy or a balancer "
     "spoke. A refusal may say more: `\"opted_out\"`, `\"permanent\"`, and `\"fault\"` with a name "
     "of "
     "the first table.",
     adapters::http_carrier::faults()},
    {"SNS, and all of AWS that the next table lacks",
     "`<status> <code> <mark>`; the mark is `throttle` or `stale` for codes that mean that.",
     adapters::aws::client::faults()},
    {"SNS, in its delivery log", "words of `providerResponse`", adapters::aws::sns::faults()},
    {"End User Messaging", "`<status> <code> <Reason>`",
     adapters::aws::end_user_messaging::faults()},
    {"SMTP",
     "`<STAGE> <reply> <enhanced status>`, or `<STAGE> <end>` where no reply came; the stages are "
     "CONNECT, GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, and BODY after the final dot.",
     adapters::smtp::faults()},
    {"SES", "as SNS", adapters::aws::ses::faults()},
};

std::string page_of_faults() {
  std::ostringstream page;
  page << "# Whose fault is it?\n\n"
          "When a provider does not take a message, the answer is somebody's fault: the message's, "
          "the\n"
          "recipient's, the server's, the account's. One table a protocol says whose; what it "
          "costs\n"
          "follows from that alone. These tables are those of the program: `POSTRIDER_REDRAW=1` "
          "with\n"
          "the test `tidy/Faults` writes this page ([why](decisions/0036-whose-fault.md)).\n\n"
          "## What a fault costs\n\n"
          "| fault | whose it is | SMS | e-mail |\n|---|---|---|---|\n";
  for (const auto& effect : domain::fault_effects())
    page << "| `" << effect.name << "` | " << effect.whose << " | " << effect.sms << " | "
         << effect.email << " |\n";
  for (const auto& protocol : protocols) {
    page << "\n## " << protocol.title << "\n\nAn answer is " << protocol.form
         << "\nThe first row that fits counts; `*` stands for any rest of a word.\n\n"
         << "| answer | fault | what it is |\n|---|---|---|\n";
    for (const auto& row : protocol.table)
      page << "| `" << row.answer << "` | `" << domain::effect_of(row.fault).name << "` | "
           << row.means << " |\n";
  }
  return page.str();
}

TEST(Faults, ThePageHasTheTables) {
  const auto page = root() / "docs/whose_fault.md";
  const auto wanted = page_of_faults();
  if (std::getenv("POSTRIDER_REDRAW") != nullptr) std::ofstream{page} << wanted;
  EXPECT_EQ(read(page), wanted) << "run this test with POSTRIDER_REDRAW=1 to write it again";
}

TEST(Faults, EachTableKnowsEachAnswer) {
  for (const auto& protocol : protocols)
    for (std::size_t i = 0; i + 1 < protocol.table.size(); ++i)
      EXPECT_NE(protocol.table[i].answer, "*") << protocol.title << ": rows behind it never count";
}

}  // namespace
}  // namespace postrider::tidy
