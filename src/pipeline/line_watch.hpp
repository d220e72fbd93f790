// One line to one provider, watched by all workers that send over it: how many may go now, and what
// a refusal of the whole line means for the message that met it. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "domain/decide.hpp"
#include "domain/line.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class LineWatch {
 public:
  /// `name` is the line's in the log: "sms", "email". A probe goes out at least each
  /// `longest_wait`.
  LineWatch(std::string name, domain::Milliseconds longest_wait, ports::Telemetry& telemetry)
      : name_{std::move(name)}, telemetry_{telemetry} {
    line_.longest_wait = longest_wait;
  }

  struct Width {
    int messages = 0;              // 0: closed
    domain::Milliseconds wait{0};  // until it opens
  };
  /// How many of `batch` may be sent at `now`: none while closed, one as a probe, then all.
  Width width(domain::TimePoint now, int batch) const;

  /// The provider could not be reached or refused the line itself; `asked` is its own wish (0:
  /// none).
  domain::LineRefused fail(domain::TimePoint now, domain::Milliseconds asked, std::string code);
  /// The account is the problem: one probe every `Line::account_wait`.
  domain::LineRefused hold(domain::TimePoint now, std::string code);
  void succeed(domain::TimePoint now);

  /// A code for why it is closed; empty while it is open.
  std::string problem() const;

 private:
  void tell(ports::Level level, std::string_view event, std::string_view code);

  std::string name_;
  ports::Telemetry& telemetry_;
  mutable std::mutex mutex_;
  domain::Line line_;
  std::string code_;  // of the last failure
};

}  // namespace postrider::pipeline
