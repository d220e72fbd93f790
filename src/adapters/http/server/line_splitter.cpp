#include "adapters/http/server/line_splitter.hpp"

namespace postrider::adapters::http {

void LineSplitter::feed(std::string& chunk) {
  buffer_.erase(0, taken_);
  scanned_ = scanned_ > taken_ ? scanned_ - taken_ : 0;
  taken_ = 0;
  if (buffer_.empty()) {
    buffer_.swap(chunk);
  } else {
    buffer_ += chunk;
  }
  chunk.clear();
}

void LineSplitter::add(std::string_view text, std::vector<Line>& out) {
  ++line_;
  if (skipping_ || text.size() > max_line_) {
    skipping_ = false;
    out.push_back({line_, {}, true});
    return;
  }
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
  if (text.ends_with('\r')) text.remove_suffix(1);
  out.push_back({line_, text, false});
}

std::vector<Line> LineSplitter::take(std::size_t max_lines) {
  std::vector<Line> lines;
  const std::string_view text{buffer_};
  while (lines.size() < max_lines) {
    const auto end = text.find('\n', std::max(taken_, scanned_));
    if (end == std::string_view::npos) {
      scanned_ = text.size();
      if (text.size() - taken_ > max_line_) {
        skipping_ = true;
        taken_ = text.size();
      }
      break;
    }
    add(text.substr(taken_, end - taken_), lines);
    taken_ = end + 1;
  }
  return lines;
}

std::vector<Line> LineSplitter::take_last() {
  std::vector<Line> lines;
  if (taken_ < buffer_.size() || skipping_) add(std::string_view{buffer_}.substr(taken_), lines);
  taken_ = buffer_.size();
  return lines;
}

}  // namespace postrider::adapters::http
