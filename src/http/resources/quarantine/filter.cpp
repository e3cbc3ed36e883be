#include "http/resources/quarantine/filter.h"

#include <charconv>
#include <cstdint>
#include <limits>

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxReason = 64;

base::Error Invalid(std::string reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(reason), std::move(message)};
}

base::Status ParseFault(const Call& call, store::QuarantineQuery& query) {
  if (const auto reason = call.QueryText("reason")) {
    if (reason->size() > kMaxReason) {
      return Invalid("invalid_parameter",
                     "parameter 'reason' takes a word such as not_allowed, as the list shows it");
    }
    query.reason = *reason;
  }
  // A refused raw row may name a column that no dataset has: any text is looked for.
  if (const auto column = call.QueryText("column")) query.column = *column == "-" ? "" : *column;
  return {};
}

}  // namespace

std::vector<std::string> QuarantineParameters(const std::vector<std::string>& more) {
  std::vector<std::string> names = {"delivery", "source", "dataset", "reason",
                                    "column",   "row",    "open"};
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

base::Result<store::QuarantineQuery> ParseQuarantineFilter(Call& call) {
  store::QuarantineQuery query;
  FANSIPAN_ASSIGN_OR_RETURN(const auto delivery, call.FindNumber("delivery", 1, UINT64_MAX));
  if (delivery) query.delivery = model::Sequence{*delivery};
  FANSIPAN_ASSIGN_OR_RETURN(const auto row,
                            call.FindNumber("row", 0, std::numeric_limits<std::uint32_t>::max()));
  if (row) query.raw_row = static_cast<std::uint32_t>(*row);
  if (const auto source = call.QueryText("source")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetSource(*source));
    query.source = *source;
  }
  if (const auto dataset = call.QueryText("dataset")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetDataset(*dataset));
    query.dataset = *dataset;
  }
  FANSIPAN_RETURN_IF_ERROR(ParseFault(call, query));
  FANSIPAN_ASSIGN_OR_RETURN(query.open_only, call.FindFlag("open", true));
  return query;
}

base::Status ParseQuarantinePage(Call& call, store::QuarantineQuery& query) {
  FANSIPAN_ASSIGN_OR_RETURN(query.limit, call.GetLimit());
  const auto cursor = call.QueryText("cursor");
  if (!cursor) return {};
  const char* last = cursor->data() + cursor->size();
  const auto [end, error] = std::from_chars(cursor->data(), last, query.after);
  if (error == std::errc() && end == last) return {};
  return Invalid("invalid_cursor", "parameter 'cursor' is not one that this list gave");
}

security::Object QuarantineObject(const Call& call) {
  security::Object object;
  object.source = call.QueryText("source").value_or("");
  return object;
}

}  // namespace fansipan::http
