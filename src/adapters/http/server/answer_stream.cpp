#include "adapters/http/server/answer_stream.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <charconv>

namespace postrider::adapters::http {

void AnswerStream::write(std::string_view octets) {
  if (failed_) return;
  waiting_ += octets;
  if (!writing_) start_write();
}

void AnswerStream::write_chunk(std::string_view text) {
  if (text.empty() || failed_) return;
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), text.size(), 16).ptr;
  waiting_.append(size.data(), end);
  waiting_ += "\r\n";
  waiting_ += text;
  write("\r\n");
}

void AnswerStream::start_write() {
  if (sent_ == in_flight_.size()) {
    in_flight_.swap(waiting_);
    waiting_.clear();
    sent_ = 0;
  }
  if (in_flight_.empty()) return;
  writing_ = true;
  socket_.async_write_some(
      boost::asio::buffer(in_flight_.data() + sent_, in_flight_.size() - sent_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t octets) {
        self->on_written(error, octets);
      });
}

void AnswerStream::on_written(const boost::system::error_code& error, std::size_t octets) {
  writing_ = false;
  failed_ = failed_ || error;
  sent_ += octets;
  if (!failed_) {
    on_progress_();
    start_write();
  }
  if (drained_.waiting() && (failed_ || unread() <= drained_at_)) drained_.fire();
}

boost::asio::awaitable<void> AnswerStream::drain(std::size_t max_unread) {
  if (failed_ || unread() <= max_unread) co_return;
  drained_at_ = max_unread;
  co_await drained_.wait();
}

}  // namespace postrider::adapters::http
