#include "pipeline/line_watch.hpp"

#include <algorithm>

namespace postrider::pipeline {

using domain::Milliseconds;
using domain::TimePoint;

LineWatch::Width LineWatch::width(TimePoint now, int batch) const {
  const std::lock_guard lock{mutex_};
  if (!line_.open(now)) return {0, line_.closed_until - now};
  return {line_.width(batch), Milliseconds{0}};
}

domain::LineRefused LineWatch::fail(TimePoint now, Milliseconds asked, std::string code) {
  const std::lock_guard lock{mutex_};
  const bool probe = line_.failures > 0;
  if (!probe) tell(ports::Level::warning, "line_closed", code);
  // The rest of a batch that was under way when the line closed does not count as new failures.
  if (line_.open(now)) line_.fail(now, asked);
  code_ = code;
  const auto wait = std::max<Milliseconds>(line_.closed_until - now, Milliseconds{1});
  // A refused probe steps back, so that the next one is another message: one that alone is
  // refused must not keep the line closed for all.
  return {probe ? 3 * wait : wait, std::move(code)};
}

domain::LineRefused LineWatch::hold(TimePoint now, std::string code) {
  const std::lock_guard lock{mutex_};
  tell(ports::Level::error, "line_held", code);
  code_ = code;
  line_.hold(now);
  return {domain::Line::account_wait, std::move(code)};
}

void LineWatch::succeed(TimePoint now) {
  const std::lock_guard lock{mutex_};
  if (line_.failures == 0 || !line_.open(now)) return;
  line_.succeed();
  tell(ports::Level::info, "line_open", code_);
}

std::string LineWatch::problem() const {
  const std::lock_guard lock{mutex_};
  return line_.failures == 0 ? std::string{} : code_;
}

void LineWatch::tell(ports::Level level, std::string_view event, std::string_view code) {
  telemetry_.log(level, event,
                 {{ports::Field::reason, std::string_view{name_}}, {ports::Field::code, code}});
}

}  // namespace postrider::pipeline
