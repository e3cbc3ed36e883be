#include "center/internal/formats/delimited_text.h"

#include <algorithm>
#include <string>
#include <vector>

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxBoundBytes = 500;

/// A text of one line, without blanks around it: a cell is compared without them.
std::string ReadBound(const YamlMap& csv, std::string_view key) {
  const YamlNode* node = csv.FindText(key, Need::kOptional);
  if (node == nullptr) return {};
  const std::string& text = node->text;
  if (text.size() > kMaxBoundBytes || text.front() == ' ' || text.back() == ' ' ||
      std::ranges::any_of(text, [](char c) { return c >= 0 && c < ' '; })) {
    csv.Report(*node, "must be one line of at most " + std::to_string(kMaxBoundBytes) +
                          " bytes without blanks around it");
  }
  return text;
}

}  // namespace

Encoding ReadEncoding(const YamlMap& source, Format format) {
  const std::vector<std::string> words = {"utf-8", "utf-16", "windows-1258", "tcvn3", "vni"};
  const auto chosen = source.Choice("encoding", words, Need::kOptional);
  if (!chosen) return Encoding::kUtf8;
  if (format != Format::kCsv && format != Format::kNdjson) {
    source.Report(*source.Find("encoding"),
                  "is for the formats csv and ndjson; the others say theirs or have one only");
  }
  return static_cast<Encoding>(*chosen);
}

char ReadQuote(const YamlMap& csv, char fallback) {
  const YamlNode* node = csv.FindText("quote", Need::kOptional);
  if (node == nullptr) return fallback;
  if (node->text == "none") return '\0';
  if (node->text.size() == 1 && node->text[0] > ' ' && node->text[0] < 0x7F) return node->text[0];
  csv.Report(*node, "must be one ASCII character, such as \"'\", or none");
  return fallback;
}

void ReadTableBounds(const YamlMap& csv, CsvDialect& dialect) {
  dialect.header_has = ReadBound(csv, "header_has");
  if (!dialect.header && csv.Has("header_has")) {
    csv.Report(*csv.Find("header_has"), "is for files with a header");
  }
  dialect.ends_at = ReadBound(csv, "ends_at");
}

void CheckByteOrderMark(const YamlMap& csv, Encoding encoding) {
  if (encoding == Encoding::kUtf8 || !csv.Has("byte_order_mark")) return;
  csv.Report(*csv.Find("byte_order_mark"),
             "is for the encoding utf-8; a file in " + std::string(NameOf(encoding)) +
                 (encoding == Encoding::kUtf16 ? " may always have one" : " has none"));
}

}  // namespace fansipan::center
