// Claims of DynamoDbNotificationStore: the intent that is durable before the first byte goes out.
// Read, reserve, then one transaction a notification; it holds only if nothing has changed since,
// the number has not opted out, and no other message of the order is under way.
#include <set>

#include "adapters/aws/dynamodb/chain/fence.hpp"
#include "adapters/aws/dynamodb/chain/order_index.hpp"
#include "adapters/aws/dynamodb/customer_keys.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"
#include "adapters/aws/dynamodb/notification_store.hpp"

namespace postrider::adapters::aws::dynamodb {

using domain::Money;
using domain::Notification;
using domain::Reason;
using domain::State;

namespace {

/// True where a notification of this rank has waited for so long that newer ones may wait, too.
bool has_waited(const domain::Rank& rank, domain::TimePoint now) {
  constexpr domain::Milliseconds usual{60'000};
  return domain::to_unix_ms(now - usual) > rank.at / 1000;
}

}  // namespace

/// A notification that is being claimed.
struct DynamoDbNotificationStore::Claim {
  std::size_t index = 0;                     // among the ids
  Notification n;                            // as it was read
  bool forbidden = false;                    // the number has opted out, or the address is blocked
  bool wanted = true;                        // the customer has not refused this channel
  std::optional<domain::Error> failed = {};  // what it needs could not be read or counted
  Reason over = Reason::none;                // the limit of SMS to its number, prefix or country
  FenceItem fence = {};                      // of its chain, if it has one
  domain::ChainFacts chain = {};
  std::optional<domain::Arrival> arrival = {};
  Notification claimed = {};  // as the write makes it
  std::string token = {};     // of the write
};

/// The claims of one call, and the outcomes of the ids so far.
struct DynamoDbNotificationStore::ClaimBatch {
  std::vector<Claim> claims;
  std::vector<ports::ClaimOutcome> outcomes;
  std::string reservation = {};  // the id of the money that was reserved
  Money unused = {};             // of that money
  bool in_doubt = false;         // the outcome of one of the writes is not known

  /// Drops the claims that `judge` does not allow, with its verdict as their outcome.
  template <class Judge>
  void drop_refused(Judge judge) {
    std::erase_if(claims, [&](const Claim& claim) {
      auto refused = ports::refusal(judge(claim), claim.n);
      if (refused) outcomes[claim.index] = std::move(*refused);
      return refused.has_value();
    });
  }
};

/// The notifications of `ids` that are due in `state`, each once.
domain::Result<DynamoDbNotificationStore::ClaimBatch> DynamoDbNotificationStore::due_claims(
    std::span<const domain::NotificationId> ids, State state, domain::TimePoint now) {
  ClaimBatch batch;
  batch.outcomes.resize(ids.size(), ports::NotClaimable{});
  const auto found = items(ids);
  if (!found) return found.error();
  std::set<domain::NotificationId> seen;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto n = set_aside_.read((*found)[i]);
    if (!n || !seen.insert(n->id).second) continue;
    if (auto no = ports::not_claimable(*n, state, now)) {
      batch.outcomes[i] = std::move(*no);
    } else {
      auto& claim = batch.claims.emplace_back(Claim{.index = i, .n = *std::move(n)});
      if (claim.n.attempts > 0)
        if (const auto details = details_of(*(*found)[i]))
          claim.arrival = domain::arrival_among(details->attempts);
    }
  }
  return batch;
}

/// Reads consent, opt-outs or blocked addresses, and the fences of the chains, in one request. The
/// transaction checks all but consent once more, so that what comes in between counts.
domain::Result<domain::Done> DynamoDbNotificationStore::look_up(ClaimBatch& batch, bool by_sms) {
  std::vector<Key> keys;
  for (const auto& c : batch.claims) {
    keys.push_back({database_.tables().customers, customer_key(c.n.shop, c.n.customer_id)});
    keys.push_back({database_.tables().guard,
                    by_sms ? opt_out_key(c.n.content.phone) : blocked_key(c.n.content.email)});
    // Read in vain for the few without a chain.
    keys.push_back({database_.tables().guard, FenceItem::key_of(c.n)});
  }
  const auto found = database_.get(keys);
  if (!found) return found.error();
  for (std::size_t i = 0; i < batch.claims.size(); ++i) {
    const auto& customer = (*found)[3 * i];
    const char* consent = by_sms ? "sms_opt_in" : "email_opt_in";
    batch.claims[i].wanted = !customer || optional_flag(*customer, consent).value_or(true);
    batch.claims[i].forbidden = (*found)[3 * i + 1].has_value();
    if (const auto& fence = (*found)[3 * i + 2]) batch.claims[i].fence = FenceItem{*fence};
  }
  return domain::Done{};
}

/// Reads what the fences do not say: the fate of the notification that a worker took last, and the
/// newer ones that wait. The order index is asked only where there may be some: by a notification
/// that has waited, and while claims of programs without fences may still end.
domain::Result<domain::Done> DynamoDbNotificationStore::look_up_chains(ClaimBatch& batch,
                                                                       domain::TimePoint now) {
  std::vector<Key> keys;  // often none: then get() asks nothing
  std::vector<Claim*> asking;
  for (auto& claim : batch.claims) {
    if (!domain::has_chain(claim.n)) continue;
    for (const auto& other : batch.claims)
      if (&other != &claim && domain::is_same_chain(other.n, claim.n))
        claim.chain.add(domain::rank_of(claim.n),
                        domain::member_of(other.n, domain::rank_of(other.n)), now);
    const auto& last = claim.fence.fence.last;
    if (!last || last->id == claim.n.id) continue;
    keys.push_back(log_of(last->id));
    asking.push_back(&claim);
  }
  const auto found = database_.get(keys);
  if (!found) return found.error();
  for (std::size_t i = 0; i < asking.size(); ++i) {
    auto& claim = *asking[i];
    const auto n = set_aside_.read((*found)[i]);
    std::optional<domain::ChainMember> last;
    if (n) last = domain::member_of(*n, domain::rank_of(*n));
    claim.fence.fence.learn(last);
    if (last) claim.chain.add(domain::rank_of(claim.n), *last, now);
  }
  const bool mixed = fence_start_.may_claims_lack_fences(now);
  for (auto& claim : batch.claims) {
    const auto own = domain::rank_of(claim.n);
    claim.fence.fence.tell(own, claim.chain);
    if (!mixed && !has_waited(own, now)) continue;
    const auto part = mixed ? ChainPart::all : ChainPart::newer;
    const auto facts = chain_of(database_, set_aside_, claim.n, part, now);
    if (facts) {
      claim.chain.add(*facts);
    } else {
      claim.failed = facts.error();
    }
  }
  return drop_failed(batch);
}

/// Drops the claims that failed. An Error where all did.
domain::Result<domain::Done> DynamoDbNotificationStore::drop_failed(ClaimBatch& batch) {
  std::optional<domain::Error> error;
  std::erase_if(batch.claims, [&](const Claim& claim) {
    if (!claim.failed) return false;
    error = claim.failed;
    batch.outcomes[claim.index] = ports::ClaimFailed{};
    telemetry_.log(
        ports::Level::error, "store_failed",
        {{ports::Field::notification_id, claim.n.id}, {ports::Field::reason, claim.failed->what}});
    return true;
  });
  if (error && batch.claims.empty()) return *error;
  return domain::Done{};
}

/// Reserves the money of claims in live mode and drops the claims that do not fit.
domain::Result<Reservation> DynamoDbNotificationStore::reserve(ClaimBatch& batch,
                                                               const domain::ClaimTerms& terms) {
  std::vector<Wish> wishes;
  for (const auto& c : batch.claims)
    if (c.n.mode == domain::Mode::live) wishes.push_back({domain::to_string(c.n.id), c.n.estimate});
  auto reserved = budget_.reserve(domain::day_of(terms.now), wishes, terms.limits);
  if (!reserved) return reserved.error();
  batch.reservation = reserved->id;
  auto wish = wishes.begin();
  batch.drop_refused([&](const Claim& c) -> domain::ClaimVerdict {
    if (c.n.mode == domain::Mode::test) return domain::MayClaim{};
    const auto refused = (wish++)->refused;
    if (refused == Reason::none) return domain::MayClaim{};
    return refused;
  });
  return reserved;
}

/// Counts each SMS and drops the claims over a limit; their money is unused.
domain::Result<domain::Done> DynamoDbNotificationStore::count_velocity(
    ClaimBatch& batch, const domain::ClaimTerms& terms) {
  if (!terms.velocity.any()) return domain::Done{};
  for (auto& claim : batch.claims) {
    const auto over = velocity_.take(domain::velocity_rules(claim.n, terms.velocity), terms.now);
    if (!over) {
      claim.failed = over.error();
    } else {
      claim.over = *over;
    }
    const bool live = claim.n.mode == domain::Mode::live;
    if (live && (claim.failed || claim.over != Reason::none)) batch.unused += claim.n.estimate;
  }
  batch.drop_refused([](const Claim& claim) -> domain::ClaimVerdict {
    if (claim.over == Reason::none) return domain::MayClaim{};
    return claim.over;
  });
  return drop_failed(batch);
}

domain::Result<std::vector<ports::ClaimOutcome>> DynamoDbNotificationStore::claim_sms(
    std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) {
  auto batch = due_claims(ids, State::accepted, terms.now);
  if (!batch) return batch.error();
  if (batch->claims.empty()) return std::move(batch->outcomes);
  if (const auto looked = look_up(*batch, true); !looked) return looked.error();
  if (const auto looked = look_up_chains(*batch, terms.now); !looked) return looked.error();
  batch->drop_refused([&](const Claim& c) {
    return domain::judge_sms_claim(
        c.n, {.arrival = c.arrival, .chain = c.chain, .opted_out = c.forbidden, .wanted = c.wanted},
        terms);
  });
  const auto reserved = reserve(*batch, terms);
  if (!reserved) return reserved.error();
  if (const auto counted = count_velocity(*batch, terms); !counted) {
    close(*reserved, reserved->amount);  // nothing is claimed yet
    return counted.error();
  }
  auto claimed = claim(*batch, terms);
  // In doubt the reservation stays open: its money counts as used until the sweeper sees which
  // notifications were claimed with it.
  if (!batch->in_doubt) close(*reserved, batch->unused);
  return claimed;
}

/// Closes the reservation. Claimed notifications have to be sent now, so a failure is only logged:
/// the reservation stays open, and the sweeper closes it.
void DynamoDbNotificationStore::close(const Reservation& reservation, Money unused) {
  if (const auto closed = budget_.close(reservation, unused); !closed)
    telemetry_.log(ports::Level::warning, "store_failed",
                   {{ports::Field::code, "close_reservation"}});
}

domain::Result<std::vector<ports::ClaimOutcome>> DynamoDbNotificationStore::claim_email(
    std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) {
  auto batch = due_claims(ids, State::email_due, terms.now);
  if (!batch) return batch.error();
  if (batch->claims.empty()) return std::move(batch->outcomes);
  if (const auto looked = look_up(*batch, false); !looked) return looked.error();
  if (const auto looked = look_up_chains(*batch, terms.now); !looked) return looked.error();
  batch->drop_refused([&](const Claim& c) {
    return domain::judge_email_claim(c.n,
                                     {.arrival = c.arrival,
                                      .chain = c.chain,
                                      .address_blocked = c.forbidden,
                                      .wanted = c.wanted},
                                     terms);
  });
  return claim(*batch, terms);
}

/// Sets the claimed notification and the token; returns the write that claims it.
Write DynamoDbNotificationStore::claim_write(Claim& claim, const domain::ClaimTerms& terms,
                                             const std::string& reservation) {
  claim.token = database_.fresh_token();
  claim.claimed = claim.n;
  auto& n = claim.claimed;
  domain::take_claim(n, terms);
  const bool by_sms = n.state == State::sending_sms;
  Update update{database_.tables().log, log_key(domain::to_string(n.id))};
  update.require_equal("state", text(domain::name(claim.n.state)));
  update.require_equal("version", number(claim.n.version));
  append_history(update, claim.n.version,
                 history_line(terms.now, claim.n.state, n.state, domain::claim_cause));
  update.set("state", text(domain::name(n.state)))
      .set("version", number(n.version))
      .set("attempts", number(n.attempts))
      .set("token", text(claim.token));
  const auto due = due_attributes(n.id, n.state, n.priority, n.due_at, database_.next_sequence(),
                                  database_.requeue_after());
  for (const char* name : due_names) update.set_or_remove(name, due);
  if (by_sms && n.budget_day != 0) {
    update.set("reserved", number(n.reserved.micros)).set("budget_day", number(n.budget_day));
    note_reservation(update, n.attempts, reservation);
  }
  const auto forbidden = by_sms ? opt_out_key(n.content.phone) : blocked_key(n.content.email);
  Json actions =
      Json::array({update.action(), require_absent(database_.tables().guard, forbidden)});
  if (domain::has_chain(n))
    actions.push_back(claim.fence.take(database_, FenceItem::key_of(n), domain::rank_of(n)));
  return {"TransactWriteItems",
          {{"TransactItems", std::move(actions)}, {"ClientRequestToken", claim.token}},
          Repeat::safe,
          true};
}

/// Writes the remaining claims. An Error where not one of them could be written.
domain::Result<std::vector<ports::ClaimOutcome>> DynamoDbNotificationStore::claim(
    ClaimBatch& batch, const domain::ClaimTerms& terms) {
  std::vector<Write> writes;
  for (auto& claim : batch.claims) writes.push_back(claim_write(claim, terms, batch.reservation));
  std::optional<domain::Error> error;
  bool any = batch.claims.empty();
  const auto written = database_.write(writes);
  for (std::size_t i = 0; i < batch.claims.size(); ++i) {
    auto& claim = batch.claims[i];
    const auto& w = written[i];
    const bool by_sms = claim.n.state == State::accepted;
    const auto money = by_sms ? claim.claimed.reserved : Money{};
    if (!w.done() && !w.refused()) {
      // The notification may be claimed, so its money stays taken; its lease will run out.
      if (w.not_done) batch.unused += money;
      batch.in_doubt = batch.in_doubt || !w.not_done;
      error = w.error;
      any = any || w.invalid;
      set_aside_.unwritable(claim.n.id, w);
      batch.outcomes[claim.index] = ports::ClaimFailed{};
      continue;
    }
    any = true;
    if (w.done() || text_of(w.found.front(), "token") == claim.token) {
      batch.outcomes[claim.index] = ports::Claimed{std::move(claim.claimed)};
      continue;
    }
    batch.unused += money;
    constexpr std::size_t of_person = 1;  // the actions behind the claim itself
    if (w.failed.front()) continue;       // another worker was faster
    if (w.failed[of_person]) {
      batch.outcomes[claim.index] =
          ports::RuledOut{std::move(claim.n), by_sms ? Reason::opted_out : Reason::address_blocked};
    } else {  // another worker took one of the same chain
      const auto until = domain::look_again_at(claim.n, {}, terms.now);
      batch.outcomes[claim.index] = ports::HeldBack{std::move(claim.n), until};
    }
  }
  if (!any) return *error;
  return std::move(batch.outcomes);
}

}  // namespace postrider::adapters::aws::dynamodb
