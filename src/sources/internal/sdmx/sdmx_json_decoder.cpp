#include "sources/internal/sdmx/sdmx_json_decoder.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/spelling/ascii.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/sdmx/sdmx_structure.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kLevels = 3;

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

/// Reads the members of the object that stands next; `take` must read the value of each.
base::Status ReadMembers(JsonReader& reader,
                         const std::function<base::Status(std::string_view)>& take) {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind != JsonKind::kObject) {
    return Refusal("wrong_shape", fmt::format("line {}: in an SDMX-JSON message an object must "
                                              "stand here",
                                              reader.line()));
  }
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  bool first = true;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) return {};
    std::string scratch;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view name, reader.ReadName(scratch));
    FANSIPAN_RETURN_IF_ERROR(take(name));
  }
}

/// Reads the items of the array that stands next; `take` must read each.
base::Status ReadItems(JsonReader& reader, const std::function<base::Status(std::size_t)>& take) {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind != JsonKind::kArray) {
    return Refusal("wrong_shape", fmt::format("line {}: in an SDMX-JSON message a list must stand "
                                              "here",
                                              reader.line()));
  }
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  bool first = true;
  for (std::size_t index = 0;; ++index) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) return {};
    FANSIPAN_RETURN_IF_ERROR(take(index));
  }
}

/// A scalar or whole value of a list of data, as it was written; nothing for null.
struct Written {
  bool is_number = false;
  bool is_string = false;
  bool is_text = true;  ///< false for a string with a NUL or half of a surrogate pair
  std::optional<std::string> text;
};

base::Result<Written> ReadWritten(JsonReader& reader) {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  Written written;
  written.is_number = kind == JsonKind::kNumber;
  written.is_string = kind == JsonKind::kString;
  if (written.is_string) {
    std::string scratch;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view text,
                              reader.ReadString(scratch, written.is_text));
    written.text = text;
    return written;
  }
  const std::size_t start = reader.position();
  FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
  if (kind != JsonKind::kNull) written.text = reader.Slice(start, reader.position_after());
  return written;
}

/// "0:12:3" as numbers; nothing when it is not such a key.
std::optional<std::vector<std::size_t>> ParseKey(std::string_view key) {
  std::vector<std::size_t> indices;
  if (key.empty()) return indices;
  const char* at = key.data();
  const char* const end = at + key.size();
  while (true) {
    std::size_t index = 0;
    const auto [next, fault] = std::from_chars(at, end, index);
    if (fault != std::errc() || next == at) return std::nullopt;
    indices.push_back(index);
    if (next == end) return indices;
    if (*next != ':') return std::nullopt;
    at = next + 1;
  }
}

using Texts = std::vector<std::optional<std::string>>;

/// What one level of the data says: the numbers of its dimensions' values, the texts of its
/// attributes and measures.
struct LevelValues {
  std::vector<std::size_t> key;
  Texts attributes;
  Texts measures;
};

class SdmxMessage {
 public:
  SdmxMessage(std::string_view payload, const center::JsonShape& shape, std::uint32_t depth_limit,
              RowCollector& rows)
      : payload_(payload), shape_(shape), depth_limit_(depth_limit), rows_(rows) {}

  base::Status Run() {
    JsonReader first(payload_, depth_limit_);
    FANSIPAN_RETURN_IF_ERROR(FindParts(first));
    FANSIPAN_RETURN_IF_ERROR(first.ExpectEnd());
    if (structures_.empty()) {
      return Refusal("wrong_shape",
                     "the text has no SDMX-JSON structure at data/structures, "
                     "data/structure or structure");
    }
    if (!data_) {
      return Refusal("wrong_shape",
                     "the text has no SDMX-JSON dataSets, where the observations "
                     "should be");
    }
    FANSIPAN_RETURN_IF_ERROR(FindColumns());
    FANSIPAN_RETURN_IF_ERROR(rows_.Begin(NamesOf(shape_.columns)));
    FANSIPAN_RETURN_IF_ERROR(ReadItems(*data_, [&](std::size_t) { return ReadDataSet(*data_); }));
    return rows_.Flush();  // the structure's texts end here
  }

 private:
  /// Looks for structure and data in the whole text, or in its `data`.
  base::Status FindParts(JsonReader& reader) {
    return ReadMembers(reader, [&](std::string_view name) -> base::Status {
      if (name == "data") {
        FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
        return kind == JsonKind::kObject ? FindParts(reader) : reader.SkipValue();
      }
      const bool is_structure = name == "structure" || name == "structures";
      if (!is_structure && name != "dataSets") return reader.SkipValue();
      if (is_structure ? !structures_.empty() : data_.has_value()) {
        return Refusal("duplicate_member",
                       fmt::format("line {}: '{}' is there twice", reader.line(), name));
      }
      if (!is_structure) data_ = reader;
      const bool is_list = name == "structures";
      const std::size_t start = reader.position();
      FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
      if (!is_structure) return {};
      return TakeStructures(reader.Slice(start, reader.position_after()), is_list);
    });
  }

  base::Status TakeStructures(std::string_view json, bool is_list) {
    if (is_list) {
      FANSIPAN_ASSIGN_OR_RETURN(structures_, ParseSdmxStructures(json));
      return {};
    }
    FANSIPAN_ASSIGN_OR_RETURN(SdmxStructure structure, ParseSdmxStructure(json));
    structures_.push_back(std::move(structure));
    return {};
  }

  base::Status FindColumns() {
    for (const SdmxStructure& structure : structures_) {
      std::vector<SdmxPlace>& places = places_.emplace_back();
      for (const center::RawColumn& column : shape_.columns) {
        FANSIPAN_ASSIGN_OR_RETURN(const SdmxPlace place, structure.Find(column.name));
        places.push_back(place);
      }
    }
    return {};
  }

  /// Observations that are to be taken back must not come in as new ones.
  static base::Status CheckAction(JsonReader& reader) {
    const std::uint32_t line = reader.line();
    FANSIPAN_ASSIGN_OR_RETURN(const Written written, ReadWritten(reader));
    if (!written.is_string || model::LowerAscii(*written.text) != "delete") return {};
    return Refusal("deletes_data",
                   fmt::format("line {}: a data set has the action Delete; observations are not "
                               "taken back by a message. Have the source send the whole of what "
                               "holds, or mark what has ended by an attribute",
                               line));
  }

  /// First what its observations need to know, wherever it stands, then the observations.
  base::Status ReadDataSet(JsonReader& reader) {
    JsonReader ahead = reader;
    std::size_t number = 0;
    std::optional<JsonReader> attributes;
    FANSIPAN_RETURN_IF_ERROR(ReadMembers(ahead, [&](std::string_view name) -> base::Status {
      if (name == "attributes") attributes = ahead;
      if (name == "action") return CheckAction(ahead);
      if (name != "structure") return ahead.SkipValue();
      FANSIPAN_ASSIGN_OR_RETURN(const Written written, ReadWritten(ahead));
      const auto index = ParseKey(written.text.value_or("x"));
      number = index && index->size() == 1 ? index->front() : structures_.size();
      return {};
    }));
    if (number >= structures_.size()) {
      return Refusal("wrong_shape", fmt::format("line {}: a data set names a structure that the "
                                                "message does not have",
                                                reader.line()));
    }
    structure_ = &structures_[number];
    columns_ = &places_[number];
    FANSIPAN_RETURN_IF_ERROR(TakeAttributes(SdmxLevel::kDataSet, attributes));
    At(SdmxLevel::kDataSet).key.assign(structure_->dimensions[0].size(), 0);
    At(SdmxLevel::kSeries) = LevelValues();
    series_fault_.clear();
    return ReadMembers(reader, [&](std::string_view name) -> base::Status {
      if (name == "observations") return ReadObservations(reader, false);
      if (name != "series") return reader.SkipValue();
      return ReadMembers(reader, [&](std::string_view key) { return ReadSeries(reader, key); });
    });
  }

  base::Status ReadSeries(JsonReader& reader, std::string_view key) {
    series_fault_ = FaultOfKey(key, SdmxLevel::kSeries);
    JsonReader ahead = reader;
    std::optional<JsonReader> attributes;
    FANSIPAN_RETURN_IF_ERROR(ReadMembers(ahead, [&](std::string_view name) {
      if (name == "attributes") attributes = ahead;
      return ahead.SkipValue();
    }));
    FANSIPAN_RETURN_IF_ERROR(TakeAttributes(SdmxLevel::kSeries, attributes));
    return ReadMembers(reader, [&](std::string_view name) {
      return name == "observations" ? ReadObservations(reader, true) : reader.SkipValue();
    });
  }

  base::Status ReadObservations(JsonReader& reader, bool of_series) {
    FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
    if (kind == JsonKind::kNull) return reader.SkipValue();
    if (kind != JsonKind::kObject) {
      return Refusal("wrong_shape",
                     fmt::format("line {}: observations must be an object", reader.line()));
    }
    if (!of_series && !structure_->dimensions[1].empty()) {
      series_fault_ = "it stands in no series, which the structure has";
    }
    FANSIPAN_RETURN_IF_ERROR(reader.Enter());
    bool first = true;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
      if (!more) return {};
      FANSIPAN_RETURN_IF_ERROR(ReadObservation(reader));
    }
  }

  base::Status ReadObservation(JsonReader& reader) {
    const std::size_t start = reader.position();
    FANSIPAN_RETURN_IF_ERROR(rows_.StartRow(start, reader.line()));
    std::string scratch;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view key, reader.ReadName(scratch));
    std::string fault =
        series_fault_.empty() ? FaultOfKey(key, SdmxLevel::kObservation) : series_fault_;
    FANSIPAN_RETURN_IF_ERROR(ReadValues(reader, fault));
    const std::size_t length = reader.position_after() - start;
    if (fault.empty()) SetCells(fault);
    if (fault.empty()) return rows_.EndRow(length);
    return rows_.RefuseRow(length, "bad_observation", "the observation does not fit: " + fault);
  }

  /// Measures first, then attributes; what comes after them points to annotations.
  base::Status ReadValues(JsonReader& reader, std::string& fault) {
    LevelValues& values = At(SdmxLevel::kObservation);
    const auto& measures = structure_->measures;
    const auto& attributes = structure_->attributes[2];
    values.measures.clear();
    values.attributes.clear();
    FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
    if (kind != JsonKind::kArray) {
      if (fault.empty()) fault = "its value is no list";
      return reader.SkipValue();
    }
    FANSIPAN_RETURN_IF_ERROR(ReadItems(reader, [&](std::size_t index) -> base::Status {
      if (index >= measures.size() + attributes.size()) return reader.SkipValue();
      FANSIPAN_ASSIGN_OR_RETURN(Written written, ReadWritten(reader));
      const bool measure = index < measures.size();
      const SdmxComponent& component =
          measure ? measures[index] : attributes[index - measures.size()];
      Texts& texts = measure ? values.measures : values.attributes;
      texts.push_back(TextOf(component, std::move(written), fault));
      return {};
    }));
    FillIn(measures, values.measures);
    FillIn(attributes, values.attributes);
    return {};
  }

  static base::Status ReadAttributes(JsonReader& reader,
                                     const std::vector<SdmxComponent>& components, Texts& texts,
                                     std::string& fault) {
    FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
    if (kind != JsonKind::kArray) return {};
    return ReadItems(reader, [&](std::size_t index) -> base::Status {
      FANSIPAN_ASSIGN_OR_RETURN(Written written, ReadWritten(reader));
      if (index >= components.size()) return {};
      texts.push_back(TextOf(components[index], std::move(written), fault));
      return {};
    });
  }

  base::Status TakeAttributes(SdmxLevel level, std::optional<JsonReader>& reader) {
    const auto& components = structure_->attributes[static_cast<std::size_t>(level)];
    Texts& texts = At(level).attributes;
    texts.clear();
    std::string fault;
    if (reader) FANSIPAN_RETURN_IF_ERROR(ReadAttributes(*reader, components, texts, fault));
    if (!fault.empty()) {
      return Refusal("wrong_shape", "the attributes of a data set or series: " + fault);
    }
    FillIn(components, texts);
    // At the top a component may have one value alone, which then needs no number.
    if (level != SdmxLevel::kDataSet) return {};
    for (std::size_t i = 0; i < components.size(); ++i) {
      if (!reader && components[i].values.size() == 1) texts[i] = components[i].values[0];
    }
    return {};
  }

  /// A number points to a value where the component lists values; anything else stands for itself.
  static std::optional<std::string> TextOf(const SdmxComponent& component, Written written,
                                           std::string& fault) {
    if (!written.text) return component.fallback;
    if (!written.is_text) {
      fault = fmt::format("the text of '{}' holds a NUL or half of a surrogate pair",
                          CutUtf8(component.id, 100));
      return std::nullopt;
    }
    if (!written.is_number || component.values.empty()) return std::move(written.text);
    const auto index = ParseKey(*written.text);
    if (index && index->size() == 1 && index->front() < component.values.size()) {
      return component.values[index->front()];
    }
    fault = fmt::format("'{}' has no value {}", CutUtf8(component.id, 100), *written.text);
    return std::nullopt;
  }

  /// Attributes that the data leaves out at the end.
  static void FillIn(const std::vector<SdmxComponent>& components, Texts& texts) {
    while (texts.size() < components.size()) texts.push_back(components[texts.size()].fallback);
  }

  /// Takes a key; what is wrong with it, or nothing.
  std::string FaultOfKey(std::string_view key, SdmxLevel level) {
    const auto& dimensions = structure_->dimensions[static_cast<std::size_t>(level)];
    auto indices = ParseKey(key);
    if (!indices || indices->size() != dimensions.size()) {
      return fmt::format("the key '{}' has not the {} numbers of its dimensions", CutUtf8(key, 100),
                         dimensions.size());
    }
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
      if ((*indices)[i] < dimensions[i].values.size()) continue;
      return fmt::format("the dimension '{}' has no value {}", CutUtf8(dimensions[i].id, 100),
                         (*indices)[i]);
    }
    At(level).key = *std::move(indices);
    return "";
  }

  void SetCells(std::string& fault) {
    for (std::size_t i = 0; i < columns_->size(); ++i) {
      const SdmxPlace& place = (*columns_)[i];
      LevelValues& values = At(place.level);
      if (place.kind == SdmxPlace::Kind::kDimension) {
        const std::vector<std::string>& known = structure_->At(place).values;
        if (place.index >= values.key.size() || values.key[place.index] >= known.size()) {
          fault = fmt::format("the dimension '{}' has no value", structure_->At(place).id);
          return;
        }
        SetCell(i, known[values.key[place.index]]);
        continue;
      }
      const bool measure = place.kind == SdmxPlace::Kind::kMeasure;
      const Texts& texts = measure ? values.measures : values.attributes;
      if (place.index < texts.size() && texts[place.index]) SetCell(i, *texts[place.index]);
    }
  }

  void SetCell(std::size_t column, const std::string& text) {
    if (!text.empty()) rows_.SetCell(column, rows_.Keep(text));
  }

  LevelValues& At(SdmxLevel level) { return levels_[static_cast<std::size_t>(level)]; }

  std::string_view payload_;
  const center::JsonShape& shape_;
  const std::uint32_t depth_limit_;
  RowCollector& rows_;
  std::vector<SdmxStructure> structures_;
  std::vector<std::vector<SdmxPlace>> places_;  ///< of the columns, for each structure
  std::optional<JsonReader> data_;              ///< before the list of data sets
  const SdmxStructure* structure_ = nullptr;    ///< of the data set that is read
  const std::vector<SdmxPlace>* columns_ = nullptr;
  std::array<LevelValues, kLevels> levels_;
  std::string series_fault_;
};

}  // namespace

base::Status DecodeSdmxJson(std::string_view payload, const center::JsonShape& shape,
                            std::uint32_t depth_limit, RowCollector& rows) {
  if (!IsUtf8(payload)) return Refusal("not_utf8", "the SDMX-JSON message is not UTF-8");
  return SdmxMessage(payload, shape, depth_limit, rows).Run();
}

}  // namespace fansipan::sources::internal
