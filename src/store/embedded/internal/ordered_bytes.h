#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/record.h"
#include "model/value.h"

namespace fansipan::store::internal {

/// Appends bytes whose order is that of model::Compare, and which are equal only for equal values.
/// None is the beginning of another, so that concatenations order like rows of values.
void AppendOrdered(const model::Value& value, std::string& bytes);

/// Big-endian, eight bytes.
void AppendOrdered(std::uint64_t number, std::string& bytes);

std::string OrderedBytes(const model::Row& values);

/// Of a key's ordered bytes; kept in the store, so it never changes.
std::uint32_t KeyHash(std::string_view key);

/// Orders the versions of one key as model::Precedes does, and then by sequence. `order` is the
/// value of the dataset's order column, null without one.
std::string PrecedenceBytes(const model::Version& version, const model::Value* order);

}  // namespace fansipan::store::internal
