#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::center {

/// The text of a query that a database outside is asked: taken apart at its places for the
/// position. What is within a text, a quoted name or a comment is left as it is.
struct QueryText {
  /// One more than there are places of `$since`; joined with a placeholder they are the query.
  /// Without the semicolon at the end.
  std::vector<std::string> parts;

  std::size_t since_count() const { return parts.size() - 1; }
};

/// A query that cannot be used: where, and why.
struct QueryFault {
  std::size_t offset = 0;
  std::string message;
};

/// Fails, with the fault in `fault`, when the text is more than one statement, does not begin with
/// SELECT or WITH, or has a parameter other than `$since`. Whether it is good SQL only its database
/// knows.
base::Result<QueryText> ReadQueryText(std::string_view sql, QueryFault& fault);

}  // namespace fansipan::center
