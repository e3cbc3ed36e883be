#include "cli/internal/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace fansipan::cli {
namespace {

/// Characters of UTF-8 text: bytes that do not continue one.
std::size_t WidthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string FormatRow(const std::vector<std::string>& cells,
                      const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) line.append(widths[i] - WidthOf(cells[i]) + 2, ' ');
  }
  return line + "\n";
}

}  // namespace

std::string FormatTable(const std::vector<std::string>& header,
                        const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  widths.reserve(header.size());
  for (const std::string& title : header) widths.push_back(WidthOf(title));
  std::vector<std::vector<std::string>> shown;
  shown.reserve(rows.size());
  for (const auto& row : rows) {
    auto& cells = shown.emplace_back();
    for (const std::string& cell : row) cells.push_back(Visible(cell));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(cells[i]));
    }
  }
  std::string text = FormatRow(header, widths);
  for (const auto& row : shown) text += FormatRow(row, widths);
  return text;
}

std::string Visible(const std::string& text) {
  std::string visible;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool begins_c1 = byte == 0xC2U && i + 1 < text.size() &&
                           (static_cast<unsigned char>(text[i + 1]) & 0xE0U) == 0x80U;
    if (byte < 0x20U || byte == 0x7FU) {
      visible += fmt::format("\\x{:02x}", byte);
    } else if (begins_c1) {
      visible += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else {
      visible += text[i];
    }
  }
  return visible;
}

std::string Show(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || found->is_null()) return "–";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

}  // namespace fansipan::cli
