// The resources for monitoring: /metrics, /healthz, /readyz, /openapi.yaml and the page at "/".
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"
#include "message/email/email.hpp"
#include "message/money/money_text.hpp"

namespace postrider::adapters::http {
namespace {

Response text_answer(std::string_view content_type, std::string body) {
  Response response;
  response.content_type = content_type;
  response.body = std::move(body);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

Response readiness_answer(const Services& services) {
  const auto readiness = services.readiness ? services.readiness() : Readiness{};
  const bool good = readiness.problems.empty();
  return json_answer(good ? 200 : 503,
                     dump({{"ready", good}, {"reasons", Json(readiness.problems)}}));
}

void append_row(std::string& out, std::string_view name, const std::string& value) {
  out += "<tr><th scope=\"row\">";
  out += name;
  out += "</th><td>" + message::escape_html(value) + "</td></tr>\n";
}

/// The page at "/". It has neither scripts nor styles, so that its policy can forbid all of them.
Response status_page(const Services& services, const Call& call) {
  const auto status = services.status ? services.status() : StatusPage{};
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Postrider</title>"
      "</head>\n<body>\n<h1>Postrider</h1>\n";
  if (status.simulated)
    out +=
        "<p><strong>Simulation: no SMS reaches a phone.</strong> Configure a carrier to send.</p>"
        "\n";
  out += "<table>\n";
  append_row(out, "Version", status.version);
  append_row(out, "Carrier", status.carrier);
  if (!services.keys_needed() && call.request.head.loopback) {
    append_row(out, "Store", status.store);
    append_row(out, "E-mail", status.mail);
    if (const auto counts = services.storage.query.counts())
      for (const auto& [state, count] : *counts)
        append_row(out, domain::name(state), std::to_string(count));
    const int month = domain::month_of(services.clock.now());
    if (const auto budget = services.storage.allowance.budget(month)) {
      append_row(out, "Spent this month", message::print_money(budget->spent));
      append_row(out, "Reserved", message::print_money(budget->reserved));
    }
  }
  out +=
      "</table>\n<p><a href=\"/openapi.yaml\">API</a> · <a href=\"/metrics\">Metrics</a></p>\n"
      "</body>\n</html>\n";
  auto response = text_answer("text/html; charset=utf-8", std::move(out));
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_status(Router& router, const Services& services) {
  // Answered on the io thread, because being alive means that this thread works.
  router.add_choice(Method::get, "/healthz", Access::open,
                    [](const Head&, const KeyInfo&, const std::string&) -> Choice {
                      return {"/healthz", json_answer(200, R"({"status":"ok"})")};
                    });
  router.add(Method::get, "/readyz", Access::open,
             [&services](const Call&) { return readiness_answer(services); });
  router.add(Method::get, "/metrics", Access::open_on_loopback, [&services](const Call&) {
    return text_answer("text/plain; version=0.0.4; charset=utf-8",
                       services.metrics ? services.metrics() : std::string{});
  });
  router.add(Method::get, "/openapi.yaml", Access::open, [&services](const Call&) {
    return text_answer("application/yaml", services.openapi);
  });
  router.add(Method::get, "/", Access::open,
             [&services](const Call& call) { return status_page(services, call); });
}

}  // namespace postrider::adapters::http
