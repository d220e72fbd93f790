// Notifications and changes for the contract tests, and short ways to put them into a store. Plain
// functions, no state.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ports/notification_query.hpp"
#include "ports/notification_store.hpp"

namespace postrider::contract {

using domain::Milliseconds;
using domain::Money;
using domain::Notification;
using domain::State;

inline const domain::TimePoint start = domain::from_unix_ms(1'795'000'000'000);  // 2026-11-18

domain::NotificationId id_of(int number);

/// A notification in `accepted`, of its own order and customer, created and due at `start`.
Notification sample(int number);

/// As `sample(number)` but later.
Notification sample_at(int number, Milliseconds after_start);

/// The change of a move that keeps all other values.
domain::Change move(const Notification& from, State to, std::string cause);

domain::Submission taken(const std::string& message_id);
domain::Receipt receipt(const std::string& message_id, domain::ReceiptOutcome outcome);

domain::ClaimTerms terms(domain::TimePoint now = start, Money limit = Money{1'000'000'000});

/// Inserts notifications and expects every one to be new.
std::vector<State> insert(ports::NotificationStore& store, const std::vector<Notification>& batch,
                          int throttle = 0);

/// The notification as the store has it.
Notification load(ports::NotificationStore& store, const domain::NotificationId& id);

/// Claims a notification by SMS and expects to get it.
Notification claim(ports::NotificationStore& store, const domain::NotificationId& id,
                   domain::TimePoint now = start);

/// Records a change, expects it to be applied, and returns the notification afterwards.
Notification record(ports::NotificationStore& store, const domain::Change& change);

/// Moves a notification from `accepted` by way of a claim to `sms_sent` under `message_id`.
Notification send(ports::NotificationStore& store, int number, const std::string& message_id);

domain::NotificationDetails details(ports::NotificationQuery& query,
                                    const domain::NotificationId& id);

}  // namespace postrider::contract
