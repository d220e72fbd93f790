#include "rendered.hpp"

#include <stdexcept>
#include <variant>

#include "message/json/order_event_json.hpp"
#include "message/text/templates.hpp"

namespace postrider::bench {

TextLengths rendered_lengths() {
  const NumberedText event{event_pattern()};
  message::JsonReader reader;
  const auto parsed = reader.order_event(event.text());
  const auto* order = std::get_if<domain::OrderEvent>(&parsed);
  if (order == nullptr) throw std::runtime_error{"the benchmark's own event is refused"};
  const auto texts =
      message::Templates::built_in().render(*order, *order->locale, {"", "", *order->tracking_url});
  if (!texts) throw std::runtime_error{"the benchmark's own event can't be rendered"};
  return {texts->sms_text.size(), texts->email_subject.size(), texts->email_text.size()};
}

}  // namespace postrider::bench
