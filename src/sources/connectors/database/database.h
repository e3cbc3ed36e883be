#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/connectors/database/statement.h"

namespace fansipan::sources {

/// What the cells of a result's column are, as far as it matters for their text.
enum class CellKind {
  kText,
  kBoolean,  ///< the text begins with t or f
  kBytes     ///< has no text
};

struct ResultColumn {
  std::string name;
  CellKind kind = CellKind::kText;
};

using Cell = std::optional<std::string_view>;  ///< nothing: null

/// Takes the rows of a result, one by one.
class RowTaker {
 public:
  virtual ~RowTaker() = default;
  /// Called once, before the first row; also when there is none.
  virtual base::Status Begin(const std::vector<ResultColumn>& columns) = 0;
  /// False: no further row is wanted.
  virtual base::Result<bool> Take(std::span<const Cell> cells) = 0;
};

/// A connection to a database outside. It is asked, never written to. Belongs to one thread; what
/// is under way ends soon after a stop. Errors say what failed, with the database's own word and
/// code, and never hold the password.
class Database {
 public:
  virtual ~Database() = default;
  virtual base::Status Open(const std::string& password, const std::stop_token& stop) = 0;
  virtual void Close() = 0;
  /// Which database it is, as it is declared: place and name, without user and password. Known
  /// before it is open.
  virtual std::string Identity() const = 0;
  /// How statements are to be written; known when it is open.
  virtual Dialect dialect() const = 0;
  /// `max_bytes`: of what may come over the line, where that can be seen.
  virtual base::Status Read(const Statement& statement, std::uint64_t max_bytes, RowTaker& taker,
                            const std::stop_token& stop) = 0;
};

/// What a database says, on one line, cut to a readable length and without the secret.
std::string ShownText(std::string_view told, const std::string& secret);

}  // namespace fansipan::sources
