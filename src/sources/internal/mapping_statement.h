#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

/// Judges the syntax tree that DuckDB's json_serialize_sql gives for a mapping: one SELECT that
/// reads only `raw` and what it names itself, calls no function whose answer changes from run to
/// run or that looks outside, and takes no sample. The error has the reason mapping_failed and
/// names what is refused; a fault that the parser found is passed on.
base::Status CheckMappingStatement(std::string_view syntax_tree);

}  // namespace fansipan::sources::internal
