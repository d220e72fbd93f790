// The history of a notification as one text in its row, a line per move, so that a change of state
// is one row update: "<Unix ms> <from> <to> <cause>\n", states by number, "-" at intake. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/notification.hpp"

namespace postrider::adapters::sqlite {

/// Writes one line into `line`, whose memory is used again.
void write_history_line(std::string& line, domain::TimePoint at, std::optional<domain::State> from,
                        domain::State to, std::string_view cause);

/// nullopt when it is not what write_history_line() writes.
std::optional<std::vector<domain::HistoryEntry>> parse_history(std::string_view text);

}  // namespace postrider::adapters::sqlite
