// The resources of the API, each as a function that adds its routes, and the functions that several
// resources share. `services` and the other parameters of the former must outlive the router.
#pragma once

#include "adapters/http/api/api.hpp"

namespace postrider::adapters::http {

void add_order_events(Router& router, const Services& services, Intake& intake, Server& server);
void add_notifications(Router& router, const Services& services);
void add_customers(Router& router, const Services& services);
void add_customer_lines(Router& router, const Services& services, Server& server);
void add_opt_outs(Router& router, const Services& services);
void add_dead_letters(Router& router, const Services& services);
void add_receipts(Router& router, const Services& services);
void add_preview(Router& router, const Services& services);
void add_reports(Router& router, const Services& services);
void add_status(Router& router, const Services& services);

/// True where the caller may see the notification: it is of the key's shop, and for a test key also
/// made by a test key.
bool visible(const domain::Notification& n, const KeyInfo& key);

/// Up to `limit` notifications that `key` may see, and the cursor after them. Shared by the lists
/// of notifications and dead letters.
domain::Result<ports::Page> visible_page(ports::NotificationQuery& query,
                                         const ports::Filter& filter, int limit,
                                         const std::string& cursor, const KeyInfo& key);

/// The part of a list that a request asks for.
struct PageRequest {
  int limit = 100;
  std::string cursor;
};
/// `limit` (1 to 500) and `cursor` of a query, or the refusal.
std::variant<PageRequest, Response> page_request(const Query& query);
/// The answer to a page that the store refused: of an invalid cursor, or as for any port's failure.
Response refuse_page(const domain::Error& error);

constexpr std::string_view no_such_notification = "there is no notification with this id";

/// 415.
Response unsupported_media(std::string_view hint);
/// An answer with a JSON body that no cache may keep, because it may be about people.
Response json_answer(unsigned status, std::string body);

/// The JSON reader of the calling thread.
message::JsonReader& thread_reader();

}  // namespace postrider::adapters::http
