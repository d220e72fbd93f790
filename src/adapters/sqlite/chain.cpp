#include "adapters/sqlite/chain.hpp"

#include "adapters/sqlite/rows.hpp"

namespace postrider::adapters::sqlite {
namespace {

// Most orders have one notification at a time: then the index alone answers.
constexpr const char* select_others =
    "SELECT c.seq, n.id, n.state, n.due_at, n.sms_submitted, n.mail_submitted, n.created_at,"
    " c.occurred_at, c.intake, c.email, n.priority, n.proof, c.encoding, c.sms_type, c.mode FROM "
    "contents c JOIN notifications n ON n.seq = c.seq"
    " WHERE c.order_id = ? AND c.seq <> ? AND c.shop = ? AND c.mode = ? AND c.parcel = ?"
    " AND (c.explicit_key = 0 OR c.parcel <> '')";

domain::Rank rank_in(const domain::Notification& n, std::int64_t seq) {
  return domain::rank_of(n.occurred_at, n.intake, seq, n.id);
}

/// Nobody moves one that can't be read: the others of its chain do not wait for it. Where a worker
/// had it, its message may be out.
void end_unreadable(domain::Notification& other) {
  other.sms_submitted = other.sms_submitted || other.state == domain::State::sending_sms ||
                        other.state == domain::State::sending_email;
  other.state = domain::State::discarded;
  other.due_at.reset();
}

}  // namespace

domain::ChainFacts chain_of(Connection& connection, const domain::Notification& n, std::int64_t seq,
                            domain::TimePoint now) {
  domain::ChainFacts facts;
  if (!domain::has_chain(n)) return facts;
  const auto own = rank_in(n, seq);
  auto current = connection.query(select_others, n.order_id, seq, n.shop, n.mode, n.parcel);
  while (current.row()) {
    RowReader row{current};
    domain::Notification other;
    other.id = row.id(1);
    other.state = row.word<domain::State>(2);
    other.due_at = row.optional_time(3);
    other.sms_submitted = row.flag(4);
    other.mail_submitted = row.flag(5);
    other.created_at = row.time(6);
    other.occurred_at = row.optional_time(7);
    other.intake = intake_of(row.integer(8), other.created_at);
    other.content.email = row.text(9);
    row.word<domain::Priority>(10);
    row.word<domain::Proof>(11);
    row.word<domain::Encoding>(12);
    row.word<domain::SmsType>(13);
    row.word<domain::Mode>(14);
    if (!row.readable()) end_unreadable(other);
    facts.add(own, domain::member_of(other, rank_in(other, current.integer(0))), now);
  }
  return facts;
}

}  // namespace postrider::adapters::sqlite
