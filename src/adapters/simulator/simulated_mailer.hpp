// A mailer for test mode: mails to simulated addresses meet a fixed fate (MailFate), every other
// mail goes to the mailer behind it. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "concurrency/mutex.hpp"
#include "ports/mailer.hpp"

namespace postrider::adapters::simulator {

/// The fates of mails to the simulated addresses. These are at simulator.amazonses.com and at
/// simulator.postrider.test, also with a "+label":
/// | address | fate |
/// |---|---|
/// | success@ | accepted (goes to the mailer behind) |
/// | bounce@ | refused for good: there is no such mailbox |
/// | suppressionlist@ | refused for good |
/// | defer@ | put off the first time a mail is tried, accepted the next time |
/// | complaint@ | accepted, then reported as a complaint |
enum class MailFate : std::uint8_t { success, bounce, suppressed, defer, complaint };

/// The fate of mails to `address`; nullopt for an address that is not simulated.
std::optional<MailFate> fate_of(std::string_view address);

class SimulatedMailer : public ports::Mailer {
 public:
  /// Called with the address of a complaint, after its mail was accepted. Must not throw.
  using Complaint = std::function<void(const std::string& address)>;

  /// `behind` must outlive this mailer. `report` may be empty.
  explicit SimulatedMailer(ports::Mailer& behind, Complaint report = {});

  std::string name() const override { return behind_.name(); }
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override;

 private:
  ports::MailOutcome send_simulated(const message::Email& mail, MailFate fate,
                                    domain::TimePoint until);
  bool first_try(const domain::NotificationId& reference);

  ports::Mailer& behind_;
  Complaint report_;
  concurrency::Mutex mutex_;
  std::unordered_set<domain::NotificationId> deferred_ GUARDED_BY(mutex_);
};

/// A mailer that accepts every mail and keeps none: it stands behind test mode where there is no
/// outbox to look into.
class MailSink final : public ports::Mailer {
 public:
  std::string name() const override { return "simulator"; }
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override;
};

}  // namespace postrider::adapters::simulator
