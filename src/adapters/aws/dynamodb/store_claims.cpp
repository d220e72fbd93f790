// Claims: the durable intent before the first byte goes out. Read, reserve, then one transaction a
// notification that holds only if nothing has changed since and the number has not opted out.
#include <set>

#include "adapters/aws/dynamodb/contacts.hpp"
#include "adapters/aws/dynamodb/dynamodb_notification_store.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"
#include "adapters/aws/dynamodb/update.hpp"

namespace postrider::adapters::aws::dynamodb {

using domain::Money;
using domain::Notification;
using domain::State;

struct DynamoDbNotificationStore::Candidate {
  std::size_t index = 0;  // among the ids
  Notification n;
  bool unwanted = false;   // the customer wants none by this channel
  bool forbidden = false;  // opted out, or the address is blocked
};

namespace {

/// The ruling out that needs no write; nullopt: it may be claimed.
std::optional<ports::ClaimOutcome> ruled_out_sms(const Notification& n, bool forbidden,
                                                 bool unwanted, domain::TimePoint now) {
  if (forbidden) return ports::RuledOut{n, "opted_out"};
  if (unwanted) return ports::RuledOut{n, "sms_not_wanted"};
  if (now > n.not_after) return ports::RuledOut{n, "too_late"};
  if (const auto until = domain::quiet_until(n.content.quiet, now))
    return ports::TooEarly{n, *until};
  return std::nullopt;
}

std::optional<ports::ClaimOutcome> ruled_out_email(const Notification& n, bool forbidden,
                                                   bool unwanted) {
  if (n.content.email.empty()) return ports::RuledOut{n, "no_email"};
  if (forbidden) return ports::RuledOut{n, "address_blocked"};
  if (unwanted) return ports::RuledOut{n, "email_not_wanted"};
  return std::nullopt;
}

}  // namespace

domain::Result<std::vector<DynamoDbNotificationStore::Candidate>>
DynamoDbNotificationStore::candidates(std::span<const domain::NotificationId> ids, State state,
                                      domain::TimePoint now) {
  const auto loaded = load(ids);
  if (!loaded) return loaded.error();
  std::vector<Candidate> found;
  std::set<domain::NotificationId> seen;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& n = (*loaded)[i];
    if (!n || n->state != state || !n->due_at || *n->due_at > now) continue;
    if (seen.insert(n->id).second) found.push_back({i, *n});
  }
  return found;
}

/// Consent, and opt-outs or blocked addresses, in one request. The transaction checks the latter
/// once more, so that one which comes in between counts.
domain::Result<domain::Done> DynamoDbNotificationStore::look_up(std::vector<Candidate>& candidates,
                                                                bool by_sms) {
  std::vector<Key> keys;
  for (const auto& c : candidates) {
    keys.push_back({database_.tables().customers, customer_key(c.n.shop, c.n.customer_id)});
    keys.push_back({database_.tables().guard,
                    by_sms ? opt_out_key(c.n.content.phone) : blocked_key(c.n.content.email)});
  }
  const auto found = database_.get(keys);
  if (!found) return found.error();
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& customer = (*found)[2 * i];
    const char* consent = by_sms ? "sms_opt_in" : "email_opt_in";
    candidates[i].unwanted = customer && !optional_flag(*customer, consent).value_or(true);
    candidates[i].forbidden = (*found)[2 * i + 1].has_value();
  }
  return domain::Done{};
}

domain::Result<std::vector<ports::ClaimOutcome>> DynamoDbNotificationStore::claim_sms(
    std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) {
  Claims outcomes(ids.size(), ports::NotClaimable{});
  auto all = candidates(ids, State::accepted, terms.now);
  if (!all) return all.error();
  if (all->empty()) return outcomes;
  if (const auto looked = look_up(*all, true); !looked) return looked.error();
  std::vector<Candidate> possible;
  std::vector<Money> wishes;
  std::vector<std::string> holders;
  for (auto& c : *all) {
    if (auto out = ruled_out_sms(c.n, c.forbidden, c.unwanted, terms.now)) {
      outcomes[c.index] = std::move(*out);
      continue;
    }
    if (c.n.mode == domain::Mode::live) {
      wishes.push_back(c.n.estimate);
      holders.push_back(domain::to_string(c.n.id));
    }
    possible.push_back(std::move(c));
  }
  const int day = domain::day_of(terms.now);
  const auto reserved = budget_.reserve(day, wishes, holders, terms.limits);
  if (!reserved) return reserved.error();
  Money unused;
  std::vector<Candidate> chosen;
  auto verdict = reserved->verdicts.begin();
  for (auto& c : possible) {
    if (c.n.mode == domain::Mode::live) {
      const auto own = *verdict++;
      if (own != Verdict::reserved) {
        outcomes[c.index] =
            ports::RuledOut{c.n, own == Verdict::over_day ? "no_money_today" : "no_money"};
        continue;
      }
      if (terms.velocity.any()) {
        const auto reason = velocity_.take(c.n, terms.now, terms.velocity);
        if (!reason) {
          budget_.close(*reserved, reserved->amount).has_value();  // nothing is claimed yet
          return reason.error();
        }
        if (!reason->empty()) {
          unused += c.n.estimate;
          outcomes[c.index] = ports::RuledOut{c.n, *reason};
          continue;
        }
      }
      c.n.reserved = c.n.estimate;
      c.n.budget_day = day;
    }
    chosen.push_back(std::move(c));
  }
  BatchMoney money{reserved->id, unused};
  auto claimed = claim(std::move(chosen), std::move(outcomes), State::sending_sms, terms, money);
  // In doubt the reservation stays open, as it does where closing fails: what it holds counts as
  // used, until the sweeper sees who claimed with it. What is claimed has to be sent now.
  if (!money.in_doubt) budget_.close(*reserved, money.unused).has_value();
  return claimed;
}

domain::Result<std::vector<ports::ClaimOutcome>> DynamoDbNotificationStore::claim_email(
    std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) {
  Claims outcomes(ids.size(), ports::NotClaimable{});
  auto all = candidates(ids, State::email_due, terms.now);
  if (!all) return all.error();
  if (all->empty()) return outcomes;
  if (const auto looked = look_up(*all, false); !looked) return looked.error();
  std::vector<Candidate> possible;
  for (auto& c : *all) {
    if (auto out = ruled_out_email(c.n, c.forbidden, c.unwanted)) {
      outcomes[c.index] = std::move(*out);
    } else {
      possible.push_back(std::move(c));
    }
  }
  BatchMoney none;
  return claim(std::move(possible), std::move(outcomes), State::sending_email, terms, none);
}

/// Writes the claim of `n`, which becomes what it is then.
Write DynamoDbNotificationStore::claim_write(Notification& n, State to,
                                             const ports::ClaimTerms& terms,
                                             const std::string& token,
                                             const std::string& reservation) {
  Update update{database_.tables().log, log_key(domain::to_string(n.id))};
  update.require_equal("state", text(domain::name(n.state)));
  update.require_equal("version", number(n.version));
  update.append("history", Json::array({history_line(terms.now, n.state, to, "claimed")}));
  n.state = to;
  ++n.version;
  ++n.attempts;
  n.due_at = terms.now + terms.lease;
  update.set("state", text(domain::name(to)))
      .set("version", number(n.version))
      .set("attempts", number(n.attempts))
      .set("token", text(token));
  const auto due = due_attributes(n.id, to, n.priority, n.due_at, database_.next_sequence(),
                                  database_.queue_time());
  for (const char* name : due_names) update.set_or_remove(name, due);
  if (n.budget_day != 0 && to == State::sending_sms)
    update.set("reserved", number(n.reserved.micros))
        .set("budget_day", number(n.budget_day))
        .append("reservations", Json::array({text(reservation)}));
  const auto forbidden =
      to == State::sending_sms ? opt_out_key(n.content.phone) : blocked_key(n.content.email);
  return {"TransactWriteItems",
          {{"TransactItems",
            Json::array({update.action(), require_absent(database_.tables().guard, forbidden)})},
           {"ClientRequestToken", token}},
          Repeat::safe,
          true};
}

domain::Result<std::vector<ports::ClaimOutcome>> DynamoDbNotificationStore::claim(
    std::vector<Candidate> candidates, Claims outcomes, State to, const ports::ClaimTerms& terms,
    BatchMoney& money) {
  std::vector<Write> writes;
  std::vector<std::string> tokens;
  std::vector<Notification> claimed;
  for (const auto& c : candidates) {
    tokens.push_back(database_.fresh_token());
    claimed.push_back(c.n);
    writes.push_back(claim_write(claimed.back(), to, terms, tokens.back(), money.reservation));
  }
  std::optional<domain::Error> error;
  bool any = candidates.empty();
  const auto written = database_.write(writes);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto& outcome = outcomes[candidates[i].index];
    const auto& w = written[i];
    if (!w.done() && !w.refused()) {
      // It may have been claimed, so its money stays taken; its lease will run out.
      if (w.not_done) money.unused += claimed[i].reserved;
      money.in_doubt = money.in_doubt || !w.not_done;
      error = w.error;
      continue;
    }
    any = true;
    if (w.done() || text_of(w.found.front(), "token") == tokens[i]) {
      outcome = ports::Claimed{std::move(claimed[i])};
      continue;
    }
    money.unused += to == State::sending_sms ? claimed[i].reserved : Money{};
    if (w.failed.front()) continue;  // somebody else's by now
    auto n = std::move(candidates[i].n);
    if (to == State::sending_sms) n.reserved = {}, n.budget_day = 0;
    outcome =
        ports::RuledOut{std::move(n), to == State::sending_sms ? "opted_out" : "address_blocked"};
  }
  if (!any) return *error;
  return outcomes;
}

}  // namespace postrider::adapters::aws::dynamodb
