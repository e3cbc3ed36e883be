#pragma once

#include <string>
#include <vector>

#include "center/center.h"
#include "http/rendering/csv_writer.h"
#include "http/rendering/json_writer.h"
#include "model/record.h"
#include "store/fact_store.h"

namespace fansipan::http {

/// Members of one object.
void WriteDelivery(JsonWriter& json, const model::Delivery& delivery);
std::string DeliveryJson(const model::Delivery& delivery);
std::string DeliveriesCsv(const std::vector<model::Delivery>& deliveries);

/// Whether a quarantined row's value may hold personal data: its column is personal, or it cannot
/// be told and the source feeds a dataset with personal columns.
bool MayHoldPersonal(const center::Center& center, const store::KeptQuarantine& kept);

/// One object, without a name. `masked`: the offending value is not shown.
void WriteQuarantined(JsonWriter& json, const store::KeptQuarantine& kept, bool masked);

inline constexpr std::string_view kMaskedMessage =
    "the value may hold personal data; an administrator can see it";

}  // namespace fansipan::http
