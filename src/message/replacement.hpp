// Characters outside GSM-7 become look-alikes where the reader loses nothing (typographic quotes,
// dashes, spaces, ligatures, accents that GSM-7 lacks), so that a text costs fewer segments.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postrider::message {

struct Replaced {
  std::string text;
  std::vector<std::pair<std::string, std::string>> replaced;  // from, to: each pair once
};

/// Links (http://…, https://…) are never touched. When one character would still force UCS-2, the
/// original comes back unchanged: no half replacement. `text` is valid UTF-8.
Replaced replace_for_gsm7(std::string_view text);

}  // namespace postrider::message
