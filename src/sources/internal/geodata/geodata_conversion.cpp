#include "sources/internal/geodata/geodata_conversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "model/spelling/ascii.h"
#include "sources/internal/conversion/conversion_tool.h"
#include "sources/internal/conversion/judgement.h"
#include "sources/internal/conversion/name_choice.h"
#include "sources/internal/geodata/geodata_kind.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

/// One line after another; nothing behind the last.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// Without directories and ending.
std::string StemOf(std::string_view member) {
  member.remove_prefix(member.rfind('/') + 1);
  return std::string(member.substr(0, member.rfind('.')));
}

/// Nothing that GDAL would take for more than one file's name.
bool IsPlainName(std::string_view name) {
  const bool leads = name.starts_with('/') || name.starts_with("../") ||
                     name.find("/../") != std::string_view::npos ||
                     name.find("//") != std::string_view::npos;
  return !leads && name.find_first_of("\\{}|?*:\"'") == std::string_view::npos && IsUtf8(name);
}

bool HasEnding(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() &&
         model::LowerAscii(std::string(name.substr(name.size() - ending.size()))) == ending;
}

class Conversion {
 public:
  Conversion(const center::Source& source, const std::string& program, GeodataKind kind,
             FileHandle file)
      : source_(source), program_(program), kind_(std::move(kind)), file_(std::move(file)) {}

  base::Result<ConvertedText> Run() {
    if (!kind_.member_extension.empty()) FANSIPAN_RETURN_IF_ERROR(FindMember());
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd list, Do(ConversionTask::Kind::kList, ""));
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> layers,
                              ParseLayerList(list.output, kind_.driver));
    ConvertedText converted;
    // The reader names the only layer of a GeoJSON after our own file.
    const bool is_named = source_.format != center::Format::kGeojson && !is_shapefile();
    FANSIPAN_ASSIGN_OR_RETURN(converted.sheet,
                              ChooseName(layers, {}, is_named ? source_.geodata.layer : "",
                                         {"layer", center::NameOf(source_.format)}));
    std::string crs;
    if (source_.geodata.crs.empty()) {
      FANSIPAN_RETURN_IF_ERROR(CheckCrs(converted.sheet));
    } else {
      FANSIPAN_ASSIGN_OR_RETURN(crs, center::ProjDefinition(source_.geodata.crs));
    }
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd features,
                              Do(ConversionTask::Kind::kFeatures, converted.sheet, crs));
    if (source_.format == center::Format::kGeojson) converted.sheet = "FeatureCollection";
    converted.text = "\n" + features.output;
    return converted;
  }

 private:
  bool is_shapefile() const { return source_.format == center::Format::kShapefile; }

  base::Status FindMember() {
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd list, Do(ConversionTask::Kind::kMembers, ""));
    FANSIPAN_ASSIGN_OR_RETURN(
        member_,
        ChooseMember(ParseMemberList(list.output), kind_.member_extension,
                     is_shapefile() ? source_.geodata.layer : "", source_.limits.payload_bytes));
    return {};
  }

  base::Status CheckCrs(const std::string& layer) const {
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd description,
                              Do(ConversionTask::Kind::kLayer, layer));
    return CheckSaysWgs84(description.output);
  }

  base::Result<ConversionTaskEnd> Do(ConversionTask::Kind kind, const std::string& layer,
                                     const std::string& crs = {}) const {
    const ConversionTask task{.kind = kind,
                              .extension = kind_.file_extension,
                              .name = layer,
                              .details = crs,
                              .member = member_};
    FANSIPAN_ASSIGN_OR_RETURN(
        ConversionTaskEnd end,
        RunConversionTask(program_, task, file_, TaskLimitsOf(source_.limits)));
    FANSIPAN_RETURN_IF_ERROR(JudgeTask(end, source_.limits, {"geodata", kind_.driver}));
    return end;
  }

  const center::Source& source_;
  const std::string& program_;
  const GeodataKind kind_;
  const FileHandle file_;
  std::string member_;
};

}  // namespace

std::vector<ZipMember> ParseMemberList(std::string_view list) {
  std::vector<ZipMember> members;
  while (!list.empty()) {
    const std::string_view line = TakeLine(list);
    ZipMember member;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), member.bytes);
    const auto digits = static_cast<std::size_t>(read.ptr - line.data());
    if (read.ec != std::errc() || digits + 1 >= line.size() || line[digits] != ' ') continue;
    member.name = line.substr(digits + 1);
    members.push_back(std::move(member));
  }
  return members;
}

base::Result<std::string> ChooseMember(const std::vector<ZipMember>& members,
                                       std::string_view extension, const std::string& wanted,
                                       std::uint64_t limit) {
  std::vector<std::string> stems;
  std::vector<std::string> names;
  for (const ZipMember& member : members) {
    // What macOS adds to an archive.
    const bool added = member.name.starts_with("__MACOSX/");
    if (added || !HasEnding(member.name, extension) || !IsPlainName(member.name)) continue;
    stems.push_back(StemOf(member.name));
    names.push_back(member.name);
  }
  FANSIPAN_ASSIGN_OR_RETURN(const std::string stem,
                            ChooseName(stems, {}, wanted, {"layer", "ZIP file"}));
  const std::string name =
      names[static_cast<std::size_t>(std::ranges::find(stems, stem) - stems.begin())];
  const std::string base = name.substr(0, name.size() - extension.size());
  std::uint64_t bytes = 0;
  bool has_index = false;
  bool has_table = false;
  for (const ZipMember& member : members) {
    if (!member.name.starts_with(base + ".")) continue;
    bytes += member.bytes;
    has_index |= member.name.size() == name.size() && HasEnding(member.name, ".shx");
    has_table |= member.name.size() == name.size() && HasEnding(member.name, ".dbf");
  }
  if (bytes > limit) {
    return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                       fmt::format("'{}' has {} bytes when unpacked, limits.payload allows {}",
                                   CutUtf8(name, 100), bytes, limit)};
  }
  if (extension == ".shp" && (!has_index || !has_table)) {
    return Refusal("geodata_incomplete",
                   fmt::format("'{}' has no {} beside it in the ZIP file; pack .shp, .shx, .dbf "
                               "and .cpg together",
                               CutUtf8(name, 100), has_index ? ".dbf" : ".shx"));
  }
  return name;
}

base::Result<std::vector<std::string>> ParseLayerList(std::string_view list,
                                                      std::string_view driver) {
  const std::string opening = fmt::format("using driver `{}' successful", driver);
  std::vector<std::string> layers;
  bool opened = false;
  while (!list.empty()) {
    std::string_view line = TakeLine(list);
    if (!opened) {
      opened = line.find(opening) != std::string_view::npos;
      continue;
    }
    const std::string number = fmt::format("{}: ", layers.size() + 1);
    if (!line.starts_with(number) || line.find_first_of("\"\\") != std::string_view::npos) {
      return Refusal("geodata_unreadable",
                     "its list of layers cannot be read: a layer's name may have a line break, a "
                     "quote or a backslash; rename it");
    }
    line.remove_prefix(number.size());
    // The kind of geometry, which is left out where it is any.
    const std::size_t kind = line.rfind(" (");
    if (line.ends_with(')') && kind != std::string_view::npos) line = line.substr(0, kind);
    layers.emplace_back(line);
  }
  if (opened) return layers;
  return Refusal("geodata_unreadable", fmt::format("it cannot be read as {}", driver));
}

base::Status CheckSaysWgs84(std::string_view description) {
  constexpr std::string_view kBefore = "Layer SRS WKT:";
  while (!description.empty()) {
    const std::string_view line = TakeLine(description);
    if (line == "Geometry: None") return {};
    if (line != kBefore) continue;
    const std::string_view system = TakeLine(description);
    if (system == "GEOGCRS[\"WGS 84\",") return {};
    return Refusal("crs_unknown",
                   system.starts_with('(')
                       ? "it does not say its coordinate system; declare 'crs', such as "
                         "'VN-2000 / 104-45' or WGS84"
                       : fmt::format("its coordinate system is {}, not WGS 84; declare 'crs', such "
                                     "as 'VN-2000 / 104-45'",
                                     CutUtf8(system, 100)));
  }
  return Refusal("crs_unknown", "its layer has no coordinate system; declare 'crs'");
}

base::Result<ConvertedText> ConvertGeodata(std::string_view payload, const center::Source& source,
                                           const std::string& program) {
  const auto annotated = [&](const base::Error& error) {
    return base::Annotate(
        error, fmt::format("the {} of source '{}'", center::NameOf(source.format), source.name));
  };
  auto kind = RecogniseGeodata(payload, source.format);
  if (!kind.ok()) return annotated(kind.error());
  FANSIPAN_ASSIGN_OR_RETURN(FileHandle file, MakeMemoryFile(payload));
  auto converted = Conversion(source, program, *std::move(kind), std::move(file)).Run();
  if (!converted.ok()) return annotated(converted.error());
  return converted;
}

}  // namespace fansipan::sources::internal
