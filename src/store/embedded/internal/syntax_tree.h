#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "model/expression.h"

namespace fansipan::store::internal {

/// An error of declared text: what is wrong, at which character (1-based, whole UTF-8 characters).
base::Error ErrorAt(std::string_view text, std::size_t byte_offset, std::string_view what);

/// Refuses what leaves no trace in a syntax tree, or could end the parentheses that the text is put
/// in: comments, `;`, parameters, prefixed strings, unbalanced parentheses, characters outside
/// ASCII that do not stand in quotes.
base::Status CheckTokens(std::string_view text);

/// The tree from DuckDB's answer of json_serialize_sql to `SELECT (text\n)`. `prefix` is the number
/// of bytes before the text. Everything that is not expressly known is refused.
base::Result<model::Expression> ReadSyntaxTree(std::string_view json, std::string_view text,
                                               std::size_t prefix);

/// What is wrong with a whole statement, from DuckDB's answer of json_serialize_sql to it.
std::optional<model::StatementFault> FindStatementFault(std::string_view json,
                                                        std::string_view text);

}  // namespace fansipan::store::internal
