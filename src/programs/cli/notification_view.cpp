#include "programs/cli/notification_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "domain/reason.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

std::string first_of(const json& object, std::initializer_list<const char*> fields) {
  for (const char* field : fields)
    if (auto text = text_of(object, field); !text.empty()) return text;
  return "";
}

/// The code of a reason with its sentence; a code of another version stays alone.
std::string explained(std::string code) {
  const auto reason = domain::parse_reason(code).value_or(domain::Reason::none);
  const auto sentence = domain::sentence(reason);
  if (!sentence.empty()) code.append(": ").append(sentence);
  return code;
}

/// A table of these fields of each entry. Columns without any value are left out.
std::string table_of_entries(const json& list, const std::vector<const char*>& fields) {
  Rows rows;
  for (const auto& entry : list) {
    auto& row = rows.emplace_back();
    for (const char* field : fields) row.push_back(text_of(entry, field));
  }
  Rows shown(rows.size() + 1);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool used =
        std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return !row[i].empty(); });
    if (!used) continue;
    std::string heading = fields[i];
    std::transform(heading.begin(), heading.end(), heading.begin(), [](unsigned char c) {
      return c == '_' ? ' ' : static_cast<char>(std::toupper(c));
    });
    shown[0].push_back(heading);
    for (std::size_t r = 0; r < rows.size(); ++r) shown[r + 1].push_back(rows[r][i]);
  }
  return table(shown);
}

}  // namespace

std::string list_view(const json& notifications) {
  if (notifications.empty()) return "none\n";
  Rows rows{{"ID", "ORDER", "CUSTOMER", "STATUS", "STATE", "REASON", "CREATED"}};
  for (const auto& n : notifications)
    rows.push_back({first_of(n, {"id", "notification_id"}), text_of(n, "order_id"),
                    text_of(n, "customer_id"), text_of(n, "status"), text_of(n, "state"),
                    text_of(n, "reason"), text_of(n, "created_at")});
  return table(rows);
}

std::string record_view(const json& record) {
  Rows rows;
  if (record.is_object())
    for (const auto& [field, value] : record.items())
      if (!value.is_structured() && !value.is_null())
        rows.push_back({field, field == "reason" ? explained(text_of(record, "reason"))
                                                 : text_of(record, field.c_str())});
  std::string text = table(rows);
  const json history = record.value("history", json::array());
  const json attempts = record.value("attempts", json::array());
  text += "\nhistory\n" + table_of_entries(history, {"at", "from", "to", "cause"});
  if (!attempts.empty())
    text += "\nattempts\n" +
            table_of_entries(attempts, {"at", "channel", "carrier", "message_id", "outcome",
                                        "error", "encoding", "segments", "price"});
  return text;
}

}  // namespace postrider::programs
