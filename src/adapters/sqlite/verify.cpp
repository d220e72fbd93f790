#include "adapters/sqlite/verify.hpp"

#include <algorithm>

#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/rows.hpp"
#include "domain/delivery/lifecycle.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;
using Findings = std::vector<std::string>;

static_assert(attempts_per_notification == 4096, "written out in the statements");

struct Check {
  const char* finding;
  const char* sql;  // a row per finding: the notification's id
};

// States: 0 accepted … 5 email_due, 6 sending_email, 7 and up ends, 13 dead. Attempts: channel 0
// SMS; outcome 0 accepted, 1 refused, 2 unknown.
constexpr Check checks[] = {
    {"no_content: a notification without its texts",
     "SELECT id FROM notifications WHERE seq NOT IN (SELECT seq FROM contents) LIMIT ?1"},
    {"state_invalid: no such state",
     "SELECT id FROM notifications WHERE state NOT BETWEEN 0 AND 13 LIMIT ?1"},
    {"due_missing: under way, but nobody will look at it again",
     "SELECT id FROM notifications WHERE state BETWEEN 0 AND 6 AND due_at IS NULL LIMIT ?1"},
    {"due_at_end: ended, but due",
     "SELECT id FROM notifications WHERE state > 6 AND due_at IS NOT NULL LIMIT ?1"},
    {"reason_missing: goes by e-mail or is dead without a reason",
     "SELECT id FROM notifications WHERE state IN (5, 13) AND reason = '' LIMIT ?1"},
    {"money_without_day: reserved or spent, but in no day's budget",
     "SELECT id FROM notifications WHERE (reserved <> 0 OR spent <> 0) AND budget_day = 0 LIMIT "
     "?1"},
    {"money_twice: reserved still, and spent already",
     "SELECT id FROM notifications WHERE reserved <> 0 AND spent <> 0 LIMIT ?1"},
    {"sms_twice: more than one SMS attempt was or may have been accepted",
     "SELECT n.id FROM attempts a JOIN notifications n ON n.seq = a.key / 4096"
     " WHERE a.channel = 0 AND a.outcome IN (0, 2) GROUP BY n.seq HAVING count(*) > 1 LIMIT ?1"},
    {"submitted_unmarked: an SMS was or may have been accepted, but a replay would send another",
     "SELECT DISTINCT n.id FROM attempts a JOIN notifications n ON n.seq = a.key / 4096"
     " WHERE a.channel = 0 AND a.outcome IN (0, 2) AND n.sms_submitted = 0 LIMIT ?1"},
    {"attempt_number: an attempt beyond the notification's count",
     "SELECT DISTINCT n.id FROM attempts a JOIN notifications n ON n.seq = a.key / 4096"
     " WHERE a.key % 4096 > n.attempts + 1 OR a.key % 4096 = 0 LIMIT ?1"},
    {"attempt_hidden: an attempt that its receipt would not find",
     "SELECT DISTINCT n.id FROM attempts a JOIN notifications n ON n.seq = a.key / 4096"
     " WHERE a.message_hash IS NOT message_hash(a.message_id) LIMIT ?1"},
    // The rank of domain/delivery/chain.hpp. Notifications of before schema 4 have none (intake 0).
    {"order_backwards: sent after a newer status of its order may have been told (or the clock was"
     " set back between the two)",
     "SELECT id FROM ("
     " SELECT id, last, min(told) OVER ("
     "   PARTITION BY shop, mode, order_id, parcel ORDER BY rank, seq"
     "   ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS newer_told FROM ("
     "  SELECT n.id, n.seq, c.shop, c.mode, c.order_id, c.parcel,"
     "   min(ifnull(c.occurred_at * 1000, c.intake), c.intake) AS rank, max(a.at) AS last,"
     "   min(CASE WHEN a.outcome IN (0, 2) THEN a.at END) AS told"
     "  FROM attempts a JOIN notifications n ON n.seq = a.key / 4096 JOIN contents c USING (seq)"
     "  WHERE a.outcome IS NOT NULL AND c.intake <> 0 AND (c.explicit_key = 0 OR c.parcel <> '')"
     "  GROUP BY n.seq)) WHERE last > newer_told LIMIT ?1"},
};

std::string_view code_of(const Check& check) {
  const std::string_view finding{check.finding};
  return finding.substr(0, finding.find(':'));
}

void check_file(Connection& reader, Findings& findings) {
  auto row = reader.query("PRAGMA integrity_check(100)");
  while (row.row())
    if (row.text(0) != "ok") findings.push_back("file_damaged: " + row.string(0));
}

void check_orphans(Connection& reader, Findings& findings) {
  auto attempt = reader.query(
      "SELECT key FROM attempts WHERE key / 4096 NOT IN (SELECT seq FROM notifications) LIMIT ?",
      max_findings);
  while (attempt.row())
    findings.push_back("attempt_orphaned: attempt " + std::to_string(attempt.integer(0)) +
                       " belongs to no notification");
  auto content = reader.query(
      "SELECT seq FROM contents WHERE seq NOT IN (SELECT seq FROM notifications) LIMIT ?",
      max_findings);
  while (content.row())
    findings.push_back("content_orphaned: row " + std::to_string(content.integer(0)) +
                       " belongs to no notification");
}

/// Reports the rows of `row`: a day, the amount in its budget, the amount in its notifications.
void report_unbalanced(Query& row, const char* finding, const char* verb, const char* others,
                       Findings& findings) {
  while (row.row())
    findings.push_back(std::string{finding} + ": day " + std::to_string(row.integer(0)) + " " +
                       verb + " " + std::to_string(row.integer(1)) +
                       " millionths, its notifications " + others + " " +
                       std::to_string(row.integer(2)));
}

void check_budget(Connection& reader, Findings& findings) {
  auto reserved = reader.query(
      "SELECT day, sum(kept), sum(held) FROM ("
      " SELECT day, reserved AS kept, 0 AS held FROM budget UNION ALL"
      " SELECT budget_day, 0, reserved FROM notifications WHERE budget_day <> 0)"
      " GROUP BY day HAVING sum(kept) <> sum(held)");
  report_unbalanced(reserved, "budget_unbalanced", "reserves", "hold", findings);
  // Day 00: from before each message's cost was kept.
  auto spent = reader.query(
      "SELECT day, sum(kept), sum(paid) FROM ("
      " SELECT day, spent AS kept, 0 AS paid FROM budget UNION ALL"
      " SELECT budget_day, 0, spent FROM notifications WHERE budget_day <> 0 UNION ALL"
      " SELECT day, 0, spent FROM costs)"
      " WHERE day % 100 <> 0 GROUP BY day HAVING sum(kept) <> sum(paid)");
  report_unbalanced(spent, "spending_unbalanced", "spent", "cost", findings);
  auto negative = reader.query("SELECT day FROM budget WHERE spent < 0 OR reserved < 0");
  while (negative.row())
    findings.push_back("budget_negative: day " + std::to_string(negative.integer(0)));
}

void check_counts(Connection& reader, Findings& findings) {
  auto row = reader.query(
      "SELECT state, sum(kept), sum(found) FROM ("
      " SELECT state, n AS kept, 0 AS found FROM counts UNION ALL"
      " SELECT state, 0, count(*) FROM notifications GROUP BY state)"
      " GROUP BY state HAVING sum(kept) <> sum(found)");
  while (row.row())
    findings.push_back("count_wrong: state " + std::to_string(row.integer(0)) + " is counted as " +
                       std::to_string(row.integer(1)) + ", there are " +
                       std::to_string(row.integer(2)));
}

bool is_move(State from, State to) {
  const auto moves = domain::moves();
  return std::any_of(moves.begin(), moves.end(),
                     [&](const domain::Move& m) { return m.from == from && m.to == to; });
}

/// The fault of a history; empty where it leads to `state` by moves of the life cycle.
std::string_view problem_of_history(std::string_view text, std::optional<State> state) {
  const auto history = parse_history(text);
  if (!history) return "history_unreadable: not as it was written";
  if (history->empty() || history->back().to != state)
    return "history_end: the last move does not lead to the state";
  if (history->front().from) return "history_start: does not begin at intake";
  for (std::size_t i = 1; i < history->size(); ++i) {
    const auto& move = (*history)[i];
    if (move.from != (*history)[i - 1].to) return "history_gap: a move is missing";
    if (!is_move(*move.from, move.to)) return "history_move: a move that does not exist";
  }
  return {};
}

void add_problem(Findings& findings, std::string_view problem, const Query& row) {
  auto finding = std::string{problem} + ": ";
  finding += row.is_id(1) ? domain::to_string(row.id(1)) : "row " + std::to_string(row.integer(0));
  findings.push_back(std::move(finding));
}

#define POSTRIDER_WHOLE_ROW                \
  "SELECT " POSTRIDER_NOTIFICATION_COLUMNS \
  ", n.history, c.seq IS NULL FROM notifications n LEFT JOIN contents c ON c.seq = n.seq"

void check_row(const Query& row, Findings& findings) {
  const bool has_content = row.integer(after_notification_columns + 1) == 0;  // else named already
  const bool has_state = row.word<State>(3).has_value();                      // likewise
  if (has_content && has_state && !read_notification(row))
    add_problem(findings, "row_unreadable: a value that this version can't read", row);
  const auto problem = problem_of_history(row.text(after_notification_columns), row.word<State>(3));
  if (!problem.empty()) add_problem(findings, problem, row);
}

/// Reads each notification as the service does.
void check_rows(Connection& reader, Findings& findings) {
  Findings found;
  {
    auto row = reader.query(POSTRIDER_WHOLE_ROW);
    while (std::ssize(found) < max_findings && row.row()) check_row(row, found);
  }
  if (!reader.failed()) {
    findings.insert(findings.end(), found.begin(), found.end());
    return;
  }
  // A page is damaged: the keys from an index, then each row by itself.
  reader.pass_over_damage();
  auto key =
      reader.query("SELECT seq, id FROM notifications INDEXED BY notification_id ORDER BY id");
  for (int first = static_cast<int>(findings.size());
       std::ssize(findings) - first < max_findings && key.row();) {
    auto row = reader.query(POSTRIDER_WHOLE_ROW " WHERE n.seq = ?", key.integer(0));
    const bool there = row.row();
    if (there) check_row(row, findings);
    if (!there) add_problem(findings, "row_damaged: it can't be read from the file", key);
    reader.pass_over_damage();
  }
}

void check_attempts(Connection& reader, Findings& findings) {
  int found = 0;
  auto row = reader.query("SELECT " POSTRIDER_ATTEMPT_COLUMNS " FROM attempts");
  while (found < max_findings && row.row()) {
    if (read_attempt(row, {})) continue;
    findings.push_back("attempt_unreadable: a value that this version can't read: attempt " +
                       std::to_string(row.integer(0) % attempts_per_notification) + " of row " +
                       std::to_string(row.integer(0) / attempts_per_notification));
    ++found;
  }
}

/// Does one check. Where a damaged page ends it, that is its last finding, and the others follow.
template <class Check>
void check_part(Connection& reader, Findings& findings, std::string_view part, const Check& check) {
  check(reader, findings);
  const bool ended = reader.failed();
  reader.pass_over_damage();
  if (ended && !reader.failed())
    findings.push_back("file_damaged: not all could be read for the check of " + std::string{part});
}

}  // namespace

domain::Result<Findings> verify(Database& database) {
  return database.read([](Connection& reader) {
    Findings findings;
    check_part(reader, findings, "the file", check_file);
    check_part(reader, findings, "orphans", check_orphans);
    for (const auto& check : checks)
      check_part(reader, findings, code_of(check), [&check](Connection& from, Findings& found) {
        auto row = from.query(check.sql, max_findings);
        while (row.row())
          found.push_back(std::string{check.finding} + ": " + domain::to_string(row.id(0)));
      });
    check_part(reader, findings, "budgets", check_budget);
    check_part(reader, findings, "counts", check_counts);
    check_part(reader, findings, "rows", check_rows);
    check_part(reader, findings, "attempts", check_attempts);
    return findings;
  });
}

}  // namespace postrider::adapters::sqlite
