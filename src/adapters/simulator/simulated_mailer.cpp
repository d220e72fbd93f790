#include "adapters/simulator/simulated_mailer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "message/email/mime.hpp"
#include "message/text/ascii.hpp"

namespace postrider::adapters::simulator {
namespace {

constexpr std::array<std::string_view, 2> domains{"simulator.amazonses.com",
                                                  "simulator.postrider.test"};
constexpr std::array<std::pair<std::string_view, MailFate>, 5> fates{{
    {"success", MailFate::success},
    {"bounce", MailFate::bounce},
    {"suppressionlist", MailFate::suppressed},
    {"defer", MailFate::defer},
    {"complaint", MailFate::complaint},
}};
constexpr std::size_t max_deferred = 100'000;  // then all are forgotten, and are put off again

}  // namespace

std::optional<MailFate> fate_of(std::string_view address) {
  const std::string text = message::lower(address);
  const auto at = text.rfind('@');
  if (at == std::string::npos) return std::nullopt;
  const std::string_view domain = std::string_view{text}.substr(at + 1);
  if (std::find(domains.begin(), domains.end(), domain) == domains.end()) return std::nullopt;
  std::string_view local = std::string_view{text}.substr(0, at);
  local = local.substr(0, local.find('+'));
  for (const auto& [known, fate] : fates)
    if (known == local) return fate;
  return std::nullopt;
}

SimulatedMailer::SimulatedMailer(ports::Mailer& behind, Complaint report)
    : behind_{behind}, report_{std::move(report)} {}

std::vector<ports::MailOutcome> SimulatedMailer::send(std::span<const message::Email> batch,
                                                      domain::TimePoint until) {
  std::vector<ports::MailOutcome> outcomes;
  outcomes.reserve(batch.size());
  // Ordinary mails that follow each other are passed on together, so that the mailer behind still
  // gets batches.
  std::size_t begin = 0;
  const auto pass_on = [&](std::size_t end) {
    if (begin == end) return;
    for (auto& outcome : behind_.send(batch.subspan(begin, end - begin), until))
      outcomes.push_back(std::move(outcome));
  };
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto fate = fate_of(batch[i].to);
    if (!fate || *fate == MailFate::success) continue;
    pass_on(i);
    outcomes.push_back(send_simulated(batch[i], *fate, until));
    begin = i + 1;
  }
  pass_on(batch.size());
  return outcomes;
}

ports::MailOutcome SimulatedMailer::send_simulated(const message::Email& mail, MailFate fate,
                                                   domain::TimePoint until) {
  if (fate == MailFate::suppressed)
    return ports::MailFailed{domain::Fault::recipient, "simulated_suppressed"};
  if (fate == MailFate::bounce)
    return ports::MailFailed{domain::Fault::no_recipient, "simulated_bounce"};
  if (fate == MailFate::defer && first_try(mail.reference))
    return ports::MailFailed{domain::Fault::passing, "simulated_defer"};
  auto outcomes = behind_.send({&mail, 1}, until);
  const bool accepted = std::holds_alternative<ports::MailAccepted>(outcomes.front());
  if (fate == MailFate::complaint && accepted && report_) report_(mail.to);
  return std::move(outcomes.front());
}

bool SimulatedMailer::first_try(const domain::NotificationId& reference) {
  const concurrency::Lock lock{mutex_};
  if (deferred_.size() >= max_deferred) deferred_.clear();
  if (deferred_.insert(reference).second) return true;
  deferred_.erase(reference);
  return false;
}

std::vector<ports::MailOutcome> MailSink::send(std::span<const message::Email> batch,
                                               domain::TimePoint) {
  std::vector<ports::MailOutcome> outcomes;
  for (const auto& mail : batch)
    outcomes.emplace_back(ports::MailAccepted{message::message_id_of(mail)});
  return outcomes;
}

}  // namespace postrider::adapters::simulator
