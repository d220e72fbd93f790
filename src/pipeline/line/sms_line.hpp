// The line to the SMS carrier: how many messages may go now, and what follows where the carrier did
// not take one because of something that is not the message's fault. It closes after a run of ends
// without an answer, when the carrier asks for a wait or can't be reached, and while the account is
// the problem; a country alone can be held. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "domain/delivery/decide.hpp"
#include "pipeline/line/country_holds.hpp"
#include "pipeline/line/lane.hpp"
#include "ports/clock.hpp"
#include "ports/line_hold.hpp"
#include "ports/notification_store.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::pipeline {

class SmsLine {
 public:
  struct Ports {
    ports::SmsCarrier& carrier;
    ports::LineHold& hold;
    ports::NotificationStore& store;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };
  /// `unknown_run`: the number of ends without an answer in a row that closes the line.
  SmsLine(Ports ports, int unknown_run)
      : ports_{ports},
        unknown_run_{unknown_run},
        breaker_{"sms", std::chrono::seconds{30}, ports.telemetry} {}

  /// The number of `batch` SMS that may be claimed now. Before a probe the carrier is connected to,
  /// which spends no message. The caller claims, or calls none_claimed(). An Error: the hold could
  /// not be read.
  domain::Result<ProviderBreaker::Width> width(int batch);
  /// No message was claimed after width() allowed some.
  void none_claimed() { give_back_probe(); }

  /// The input for a message whose country is held; nullopt where it may go.
  std::optional<domain::ProviderUnavailable> held_country(const domain::Notification& n);

  // The ends of messages. The carrier …
  /// … took it.
  void accepted(const domain::Notification& n);
  /// … refused it, because of the message.
  void refused(const domain::Notification& n);
  /// … may have taken it.
  void unknown(const domain::Notification& n, const ports::SmsFailed& end);
  /// … did not take it for another reason. Returns the message's input.
  domain::ProviderUnavailable unavailable(const domain::Notification& n,
                                          const ports::SmsFailed& end);
  /// … was not asked: its time was over.
  void not_begun(const domain::Notification& n);

  /// A receipt blames the account: the line is held until a receipt tells otherwise.
  void hold_by_receipt(std::string code);

  /// A code for why the line is closed; empty while messages may go.
  std::string code() const;

 private:
  domain::Result<bool> receipt_opens(const ports::LineHold::Look& look);
  void hold_account(std::string code, bool by_receipt);
  void answered(const domain::Notification& n, bool taken);
  bool probe_under_way() const;
  std::optional<ports::LineHold::Look> take_probe();
  void give_back_probe();
  void warn(const domain::Result<domain::Done>& written, std::string_view what);

  Ports ports_;
  int unknown_run_;
  ProviderBreaker breaker_;
  CountryHolds countries_;
  mutable concurrency::Mutex mutex_;
  ports::LineHold::Look seen_ GUARDED_BY(mutex_);  // the hold as it was last
  /// A probe that this process was granted and whose end is not known.
  std::optional<ports::LineHold::Look> probe_ GUARDED_BY(mutex_);
};

}  // namespace postrider::pipeline
