#include "wire/tls_context.hpp"

namespace postrider::wire {

namespace ssl = boost::asio::ssl;

ssl::context* TlsContext::get() {
  if (context_) return &*context_;
  ssl::context fresh{ssl::context::tls_client};
  boost::system::error_code error;
  if (authorities_.empty()) {
    fresh.set_default_verify_paths(error);
  } else {
    fresh.load_verify_file(authorities_, error);
  }
  SSL_CTX_set_min_proto_version(fresh.native_handle(), TLS1_2_VERSION);
  if (error) return nullptr;
  return &context_.emplace(std::move(fresh));
}

}  // namespace postrider::wire
