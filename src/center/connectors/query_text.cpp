#include "center/connectors/query_text.h"

#include <utility>

#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kSince = "$since";

bool IsWordPart(char c) {
  const char small = model::LowerAscii(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class QueryScanner {
 public:
  QueryScanner(std::string_view sql, QueryFault& fault) : sql_(sql), fault_(fault) {}

  bool Scan() {
    while (at_ < sql_.size()) {
      if (SkipUnread()) continue;
      const char c = sql_[at_];
      if (IsBlank(c)) {
        ++at_;
        continue;
      }
      if (ended_) return Fail(at_, "is more than one statement; it must be one SELECT");
      if (!begun_ && !TakeFirstWord()) return false;
      if (c == '$' && !TakeSince()) return false;
      if (c == '?') return Fail(at_, "has a '?', which databases take for a parameter");
      if (c == ';') {
        ended_ = true;
        end_ = at_;
      }
      if (c != '$') ++at_;
    }
    if (!begun_) return Fail(0, "is empty; it must be one SELECT");
    if (!ended_) end_ = sql_.size();
    text_.parts.emplace_back(sql_.substr(part_, end_ - part_));
    return true;
  }

  QueryText Take() { return std::move(text_); }

 private:
  bool Starts(std::string_view text) const { return sql_.substr(at_).starts_with(text); }

  bool Fail(std::size_t offset, std::string message) {
    fault_ = {offset, std::move(message)};
    return false;
  }

  void SkipTo(std::string_view end, std::size_t opening) {
    const std::size_t found = sql_.find(end, at_ + opening);
    at_ = found == std::string_view::npos ? sql_.size() : found + end.size();
  }

  /// Past a comment, a text or a quoted name that begins here.
  bool SkipUnread() {
    const char c = sql_[at_];
    if (Starts("--")) {
      SkipTo("\n", 2);
    } else if (Starts("/*")) {
      SkipTo("*/", 2);
    } else if (begun_ && !ended_ && (c == '\'' || c == '"' || c == '`')) {
      SkipTo(std::string_view(&sql_[at_], 1), 1);
    } else {
      return false;
    }
    return true;
  }

  bool TakeFirstWord() {
    std::size_t end = at_;
    while (end < sql_.size() && IsWordPart(sql_[end])) ++end;
    const std::string word = model::LowerAscii(std::string(sql_.substr(at_, end - at_)));
    begun_ = word == "select" || word == "with";
    return begun_ || Fail(at_, "must begin with SELECT or WITH");
  }

  bool TakeSince() {
    const std::size_t end = at_ + kSince.size();
    if (!Starts(kSince) || (end < sql_.size() && (IsWordPart(sql_[end]) || sql_[end] == '$'))) {
      return Fail(at_, "has a '$' that does not begin $since, its only parameter");
    }
    text_.parts.emplace_back(sql_.substr(part_, at_ - part_));
    at_ = part_ = end;
    return true;
  }

  std::string_view sql_;
  QueryFault& fault_;
  QueryText text_;
  std::size_t at_ = 0;
  std::size_t part_ = 0;  // where what follows the last $since begins
  std::size_t end_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

base::Result<QueryText> ReadQueryText(std::string_view sql, QueryFault& fault) {
  QueryScanner scanner(sql, fault);
  if (scanner.Scan()) return scanner.Take();
  return base::Error{base::ErrorCode::kInvalidArgument, "bad_query", fault.message};
}

}  // namespace fansipan::center
