#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/time_zone.h"
#include "model/decimal.h"

namespace fansipan::model {

enum class ColumnType { kText, kInteger, kDecimal, kBoolean, kDate, kTimestamp };

std::string_view NameOf(ColumnType type);
/// Nothing for a word that names no type.
std::optional<ColumnType> FindColumnType(std::string_view name);

/// A day without a time zone.
using Date = std::chrono::sys_days;

/// One cell of a record. `std::monostate` is a missing value.
using Value =
    std::variant<std::monostate, std::string, std::int64_t, Decimal, bool, Date, base::Timestamp>;

inline bool IsMissing(const Value& value) { return value.index() == 0; }

/// The values of one record in the order of its dataset's columns.
using Row = std::vector<Value>;

/// Reads the text of a value as sources write it. Text is kept as it is. Integers and decimals take
/// digits with an optional sign and point, no grouping. Booleans: true, false, 1, 0. Dates:
/// YYYY-MM-DD. Timestamps: RFC 3339 with `T` or a space, fraction optional to microseconds (further
/// digits are cut), with `Z` or an offset; one without is local time of `zone`.
/// Errors have a reason: not_an_integer, not_a_decimal, too_many_decimals (more than `scale`, zeros
/// at the end aside), out_of_range (integers 64 bits, years 1600 to 9999), not_a_boolean,
/// not_a_date, impossible_date, not_a_timestamp.
base::Result<Value> ParseValue(std::string_view text, ColumnType type, int scale,
                               const base::TimeZone& zone);

/// The canonical text of a value (RFC 3339 in UTC with `Z` for timestamps); empty when missing.
std::string ToText(const Value& value);

/// Order within one type; a missing value comes first. Values of different types order by type.
std::strong_ordering Compare(const Value& left, const Value& right);

/// Bytes in which equal values, and only they, are equal; for keys and fingerprints. Decimals that
/// differ in trailing zeros alone are equal.
void AppendCanonical(const Value& value, std::string& bytes);
std::string CanonicalBytes(const Row& values);

}  // namespace fansipan::model
