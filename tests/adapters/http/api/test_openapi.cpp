// docs/openapi.yaml names exactly the routes that the program has.
#include <algorithm>
#include <fstream>
#include <set>

#include "adapters/http/api/service_fixture.hpp"

namespace postrider::adapters::http {
namespace {

using OpenApiTest = ServiceTest;

/// "POST /v1/order-events" …, from the lines of the two outer levels of `paths`.
std::set<std::string> described_routes() {
  std::ifstream file{POSTRIDER_SOURCE_DIR "/docs/openapi.yaml"};
  const std::set<std::string> methods{"get", "post", "put", "delete"};
  std::set<std::string> routes;
  std::string line, path;
  while (std::getline(file, line) && !line.starts_with("components:")) {
    if (!line.ends_with(':')) continue;
    line.pop_back();
    if (line.starts_with("  /")) path = line.substr(2);
    if (!line.starts_with("    ") || !methods.contains(line.substr(4))) continue;
    std::string method = line.substr(4);
    std::ranges::transform(method, method.begin(), [](char c) { return char(c - 'a' + 'A'); });
    routes.insert(method + " " + path);
  }
  return routes;
}

TEST_F(OpenApiTest, DescribesEveryRouteAndNoOther) {
  start();
  Services services = bare_services();
  Server server{{"127.0.0.1", 0}};
  Intake intake{server.io(), pipeline_->orders};
  Api api{services, intake, server};
  std::set<std::string> routes;
  for (const auto& route : api.router().routes())
    routes.insert(std::string{name(route.method)} + " " + std::string{route.path});
  EXPECT_EQ(described_routes(), routes);
}

}  // namespace
}  // namespace postrider::adapters::http
