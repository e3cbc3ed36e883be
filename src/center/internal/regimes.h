#pragma once

#include <cstddef>

#include "center/internal/draft.h"
#include "model/regime.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxRegimes = 50;
inline constexpr std::size_t kMaxPeriodKinds = 50;
inline constexpr std::size_t kMaxPeriodParts = 24;
inline constexpr int kMaxDueWorkingDays = 250;

/// regimes.yaml. The languages and the calendars must have been read. A regime with problems is not
/// added to the center, so that nothing points to it.
void ReadRegimes(Draft& draft);

/// The regime that a reference names; null, reported where it names none that is declared.
const model::Regime* FindRegime(const Draft& draft, const FileScope& scope,
                                const YamlNode& reference, const std::string& what);

/// True when the text of a period names a regime that is declared, or may be, and could not be
/// read: nothing can be said about such a text.
bool IsOfUnreadRegime(const Draft& draft, std::string_view period);

}  // namespace fansipan::center
