#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace fansipan::base {

/// The closed list of what can go wrong. A caller branches on these; nothing branches on wording.
enum class ErrorCode {
  kInvalidArgument,   ///< What was asked or sent is wrong; sending it again will not help.
  kNotFound,          ///< The named thing does not exist.
  kConflict,          ///< It contradicts something already there.
  kUnauthenticated,   ///< Nobody is signed in, or the credential is not valid.
  kForbidden,         ///< The one who is signed in may not do this.
  kTooLarge,          ///< A declared limit on size, depth or count was exceeded.
  kDeadlineExceeded,  ///< It was stopped at its deadline.
  kUnavailable,       ///< It cannot be done now; it may be possible later.
  kStorageFull,       ///< The disk has no room left.
  kCorrupt,           ///< Stored bytes do not match their checksum or format.
  kIo,                ///< The operating system refused a file or socket operation.
  kUnsupported,       ///< A newer format or a feature this build does not have.
  kInternal           ///< A defect of this program that was contained.
};

/// Stable name of a code, e.g. "not_found".
std::string_view NameOf(ErrorCode code);

/// An expected failure. `reason` is a stable word for machines ("body_too_deep"), empty when the
/// code says enough; `message` addresses the person who must act: what failed, on which named
/// thing, where, what to do.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string reason;
  std::string message;
};

/// Puts "context: " before the message, keeping code and reason.
Error Annotate(Error error, std::string_view context);

/// Either a value or an Error. Never both, never neither.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    assert(!ok());
    return *error_;
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace fansipan::base

#define FANSIPAN_CONCAT_INNER(a, b) a##b
#define FANSIPAN_CONCAT(a, b) FANSIPAN_CONCAT_INNER(a, b)

/// Returns the error of `expression` (a Result or Status) from the enclosing function, if it has
/// one.
#define FANSIPAN_RETURN_IF_ERROR(expression) \
  FANSIPAN_RETURN_IF_ERROR_INNER(FANSIPAN_CONCAT(fansipan_status_, __LINE__), expression)
#define FANSIPAN_RETURN_IF_ERROR_INNER(status, expression) \
  do {                                                     \
    auto status = (expression);                            \
    if (!status.ok()) return std::move(status).error();    \
  } while (false)

/// Declares or assigns `target` from the value of `expression`, or returns its error.
#define FANSIPAN_ASSIGN_OR_RETURN(target, expression) \
  FANSIPAN_ASSIGN_OR_RETURN_INNER(FANSIPAN_CONCAT(fansipan_result_, __LINE__), target, expression)
#define FANSIPAN_ASSIGN_OR_RETURN_INNER(result, target, expression) \
  auto result = (expression);                                       \
  if (!result.ok()) return std::move(result).error();               \
  target = *std::move(result)
