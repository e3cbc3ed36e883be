#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "http/rendering/csv_writer.h"
#include "http/rendering/json_writer.h"
#include "model/dataset.h"
#include "model/record.h"
#include "store/fact_store.h"

namespace fansipan::http {

/// A dataset as one reader may see it: columns marked personal are shown as null to those who may
/// not read them.
struct RecordForm {
  const model::Dataset* dataset = nullptr;
  bool personal = false;  ///< may be shown

  bool IsMasked(std::size_t column) const { return dataset->columns[column].personal && !personal; }
};

/// A version with what is said about it beside its own content.
struct ShownVersion {
  model::Version version;
  base::Timestamp recorded_at{};
  bool current = false;
};

void WriteValue(JsonWriter& json, std::string_view name, const model::Value& value);
void WriteColumns(JsonWriter& json, const RecordForm& form);
/// Members "key" or "values".
void WriteKey(JsonWriter& json, const RecordForm& form, const model::Row& values);
void WriteValues(JsonWriter& json, const RecordForm& form, const model::Row& values);
/// One object, without a name.
void WriteRecord(JsonWriter& json, const RecordForm& form, const model::Version& version);
/// Members of one object: the columns, the records as items, and the cursor of the next page.
void WriteRecordPage(JsonWriter& json, const RecordForm& form, const store::RecordPage& page);
/// Members of one object.
void WriteVersion(JsonWriter& json, const RecordForm& form, const ShownVersion& shown);
std::string RecordsCsv(const RecordForm& form, const std::vector<model::Version>& records);

}  // namespace fansipan::http
