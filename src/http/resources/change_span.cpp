#include "http/resources/change_span.h"

#include <algorithm>

#include "http/target.h"
#include "model/value.h"

namespace fansipan::http {
namespace {

std::string MomentText(base::Timestamp moment) {
  return EncodeComponent(model::ToText(model::Value(moment)));
}

}  // namespace

base::Result<ChangeSpan> ParseChangeSpan(
    const Call& call, const std::function<base::Timestamp(base::Timestamp to)>& default_from) {
  if (!default_from) FANSIPAN_RETURN_IF_ERROR(call.GetQueryText("from"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto from, call.FindMoment("from"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto asked_to, call.FindMoment("to"));
  const base::Timestamp newest = call.engine->snapshot().tick;
  const base::Timestamp to = std::min(asked_to.value_or(newest), newest);
  const ChangeSpan span{from ? *from : default_from(to), to};
  if (span.from <= span.to) return span;
  return base::Error{base::ErrorCode::kInvalidArgument, "moments_reversed",
                     "'from' lies behind 'to'; a change is told forward in time"};
}

std::string WithChangeSpan(std::string link, const indicators::FigureName& name,
                           const ChangeSpan& span) {
  link.append("&tree=").append(NameOf(name.tree));
  link.append("&unit=").append(EncodeComponent(name.unit));
  link.append("&period=").append(EncodeComponent(name.period));
  link.append("&from=").append(MomentText(span.from));
  return link.append("&to=").append(MomentText(span.to));
}

}  // namespace fansipan::http
