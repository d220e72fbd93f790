#include "adapters/http/server/exchange.hpp"

namespace postrider::adapters::http {

std::string_view name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::erase: return "DELETE";
    case Method::other: break;
  }
  return "other";
}

std::string_view Head::field(std::string_view field_name) const {
  const auto found = (*fields)[boost::string_view{field_name.data(), field_name.size()}];
  return {found.data(), found.size()};
}

}  // namespace postrider::adapters::http
