#include <algorithm>
#include <utility>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "ceilings/sqlite_rows.hpp"
#include "measurements.hpp"
#include "orders.hpp"
#include "rendered.hpp"
#include "service.hpp"

namespace postrider::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t rows_a_commit = 1000;  // the service's slice, and the goal's batch

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

std::string ndjson(std::uint64_t first, std::size_t lines) {
  NumberedText event{event_pattern()};
  std::string text;
  text.reserve(lines * (event.text().size() + 1));
  for (std::size_t i = 0; i < lines; ++i) {
    event.set(first + i);
    text.append(event.text()) += '\n';
  }
  return text;
}

/// Sends one bulk request and reads its answer at the same time, as a client of a streaming server
/// must.
void post(tcp::socket& socket, const std::string& body, std::size_t lines) {
  const std::string head =
      "POST /v1/order-events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      "Content-Type: application/x-ndjson\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n";
  boost::system::error_code write_error;
  std::thread writer{[&] {
    asio::write(socket, std::array{asio::buffer(head), asio::buffer(body)}, write_error);
  }};
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> answer;
  answer.body_limit(boost::none);
  boost::system::error_code read_error;
  http::read(socket, buffer, answer, read_error);
  writer.join();
  if (write_error || read_error) throw std::runtime_error{"the bulk request was cut off"};
  const auto& text = answer.get().body();
  const auto answered = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (answer.get().result_int() != 200 || answered != lines ||
      text.find("\"error\"") != std::string::npos)
    throw std::runtime_error{"the bulk request was not accepted as a whole"};
}

/// Rows a second, from the first byte sent to the last answer read.
double over_http(const Settings& settings) {
  std::vector<std::string> bodies;
  for (std::size_t row = 0; row < settings.bulk_rows; row += settings.bulk_rows_a_request)
    bodies.push_back(ndjson(row, settings.bulk_rows_a_request));
  const Service service{settings};
  asio::io_context io;
  tcp::socket socket{io};
  socket.connect({asio::ip::address_v4::loopback(), service.port()});
  const auto began = Clock::now();
  for (const auto& body : bodies) post(socket, body, settings.bulk_rows_a_request);
  return static_cast<double>(settings.bulk_rows) / seconds_since(began);
}

/// Rows a second of `postrider import FILE --server URL`, the start of that program included.
double from_file(const Settings& settings) {
  const Service service{settings};
  const auto file = service.folder() / "orders.ndjson";
  std::ofstream{file, std::ios::binary} << ndjson(0, settings.bulk_rows);
  const auto began = Clock::now();
  Child import{{settings.postrider, "import", file, "--server",
                "http://127.0.0.1:" + std::to_string(service.port())},
               service.folder() / "import"};
  const int code = import.wait();
  const auto seconds = seconds_since(began);
  if (code != 0) throw std::runtime_error{"postrider import ended with " + std::to_string(code)};
  return static_cast<double>(settings.bulk_rows) / seconds;
}

double ceiling(const Settings& settings, const TextLengths& lengths) {
  const Folder folder{settings};
  ceilings::SqliteRows store{folder / "rows.db"};
  RowMaker maker{lengths};
  Clock::duration spent{};
  for (std::uint64_t row = 0; row < settings.bulk_rows; row += rows_a_commit) {
    const auto& rows = maker.make(row, rows_a_commit, static_cast<std::int64_t>(row));
    const auto began = Clock::now();
    store.insert(rows);
    spent += Clock::now() - began;
  }
  return static_cast<double>(settings.bulk_rows) / std::chrono::duration<double>(spent).count();
}

}  // namespace

std::vector<Figure> measure_bulk(const Settings& settings) {
  const auto lengths = rendered_lengths();
  std::vector<Figure> figures;
  const auto measure = [&](const std::string& title, double (*side)(const Settings&)) {
    std::function<double()> ours;
    if (!settings.ceilings_only) ours = [&] { return side(settings); };
    figures.push_back(measure_one(
        settings.rounds, {.number = "P2", .what = title, .unit = "orders/s", .goal = 0.65}, ours,
        [&] { return ceiling(settings, lengths); }, std::cerr));
  };
  measure("bulk over HTTP (NDJSON)", over_http);
  measure("file import", from_file);
  return figures;
}

}  // namespace postrider::bench
