#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/contracts/contract.h"
#include "store/embedded/internal/bytes.h"

namespace fansipan::store::internal {

/// What a delivery showed of its source's contract, as docs/formats/journal.md says.
void WriteContract(ByteWriter& writer, const model::ContractFacts& facts);
model::ContractFacts ReadContract(ByteReader& reader);

/// The same as bytes of their own. Nothing when they are not what EncodeContract makes.
std::string EncodeContract(const model::ContractFacts& facts);
std::optional<model::ContractFacts> DecodeContract(std::string_view bytes);

}  // namespace fansipan::store::internal
