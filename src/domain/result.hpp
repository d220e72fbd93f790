// Result<T>: the value of a port call, or the Error of a port that failed (disk full, connection
// lost). Expected outcomes are values inside T. Names follow std::expected, which g++ 12 lacks.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace postrider::domain {

enum class ErrorKind {
  unavailable,   // the other side can't be reached or is overloaded: try again later
  storage_full,  // no space left: nothing was written, later writes may succeed
  corrupt,       // stored data can't be read as it was written
  too_new,       // the schema is newer than this program
  locked,        // another service holds this database
  invalid,       // the request makes no sense to this adapter
};

struct Error {
  ErrorKind kind;
  std::string what;  // for operators; never holds a personal value
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
  Result(Error error) : state_{std::in_place_index<1>, std::move(error)} {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return assert(!has_value()), *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

struct Done {};  // the value of a Result without a value

}  // namespace postrider::domain
