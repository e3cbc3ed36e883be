#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "live/hub.h"

namespace fansipan::http {

enum class Method { kGet, kHead, kPost, kPut, kDelete, kOptions, kOther };
std::string_view NameOf(Method method);
Method FindMethod(std::string_view name);
/// True for methods that only read.
bool IsSafe(Method method);

/// Header fields in order; names in lower case.
class Fields {
 public:
  void Add(std::string_view name, std::string value);
  /// The first value of the field; nothing when it is not there.
  std::optional<std::string_view> Find(std::string_view name) const;
  std::size_t Count(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// The value of one cookie of the request; nothing when it is not there or there twice.
std::optional<std::string_view> FindCookie(const Fields& fields, std::string_view name);

/// What was asked. The body is there only when the route reads one.
struct Request {
  Method method = Method::kGet;
  std::string target;                                      ///< as it came
  std::vector<std::string> segments;                       ///< of the path, decoded once
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  Fields fields;
  std::string body;
  std::string remote_address;   ///< of the peer itself; no header can change it
  bool local = false;           ///< came over the program's own socket
  base::Timestamp received_at;  ///< when its last byte was here
};

/// What is answered.
struct Response {
  int status = 200;
  std::string content_type;
  std::shared_ptr<const std::string> body;  ///< null: none
  std::vector<std::pair<std::string, std::string>> fields;
  std::optional<live::Subscription> stream;  ///< set: the body is a stream of events

  void Set(std::string name, std::string value);
  static Response Of(int status, std::string content_type, std::string body);
  static Response Json(int status, std::string body);
  static Response Empty(int status);
};

/// Status line and header fields on the wire, with the empty line that ends them. Control
/// characters in values are left out, so that no value can begin another field.
std::string EncodeHead(const Response& response, bool keep_alive);

}  // namespace fansipan::http
