#include "model/figure.h"

namespace fansipan::model {

std::string_view NameOf(Judgement judgement) {
  switch (judgement) {
    case Judgement::kGood:
      return "good";
    case Judgement::kWatch:
      return "watch";
    case Judgement::kBad:
      return "bad";
    case Judgement::kNotJudged:
      return "not_judged";
  }
  return "";
}

std::string_view NameOf(TrustMark mark) {
  switch (mark) {
    case TrustMark::kLate:
      return "late";
    case TrustMark::kSilent:
      return "silent";
    case TrustMark::kFailing:
      return "failing";
    case TrustMark::kPaused:
      return "paused";
    case TrustMark::kIncomplete:
      return "incomplete";
    case TrustMark::kControlTotalMissing:
      return "control_total_missing";
    case TrustMark::kDrifting:
      return "drifting";
    case TrustMark::kUnusualVolume:
      return "unusual_volume";
    case TrustMark::kEstimate:
      return "estimate";
    case TrustMark::kPreliminary:
      return "preliminary";
    case TrustMark::kRestated:
      return "restated";
    case TrustMark::kContradicted:
      return "contradicted";
    case TrustMark::kOldCodes:
      return "old_codes";
    case TrustMark::kSimulated:
      return "simulated";
  }
  return "";
}

}  // namespace fansipan::model
