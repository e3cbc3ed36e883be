#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "center/center.h"
#include "center/internal/problems.h"
#include "center/internal/yaml_map.h"
#include "center/internal/yaml_reader.h"
#include "model/expression.h"

namespace fansipan::center {

/// What can be declared and named by others. Measures and indicators share their names, since
/// formulas use both.
enum class Kind { kCalendar, kRegime, kDataset, kSource, kFormulaName, kCrossCheck, kPanel };

/// Where a state of a unit stands in units.csv.
struct UnitRow {
  Position row;
  Position parent;
  Position valid_from;
  Position valid_to;
};

/// A center while it is read: what was found so far, and what is wrong with it. The stages add to
/// it in the order of load.cpp; each finds everything it refers to already there. One thread.
struct Draft {
  explicit Draft(const model::ExpressionParser& expression_parser) : parser(expression_parser) {}

  const model::ExpressionParser& parser;
  Problems problems;
  Center center;
  std::map<std::string, YamlNode, std::less<>> documents;  ///< the YAML files that could be read
  std::set<Kind> incomplete;                            ///< kinds of which a file could not be read
  std::set<std::string, std::less<>> unsound_datasets;  ///< with problems in their columns
  std::map<model::TreeKind, std::set<std::string>> code_systems;  ///< that codes.csv declares
  std::set<model::TreeKind> unsound_trees;                        ///< with problems, left empty
  std::map<model::TreeKind, std::vector<std::vector<UnitRow>>> unit_rows;  ///< by unit and state
  std::set<std::string, std::less<>> used_files;  ///< mappings and queries that a source names

  FileScope ScopeOf(std::string file) { return {std::move(file), &problems}; }
  const YamlNode* FindDocument(std::string_view file) const;

  /// Reports a name that is malformed, or taken. True when it is now this declaration's.
  bool Declare(Kind kind, const FileScope& scope, const YamlNode& entry);
  /// Reports a reference to something that is not declared, unless its file could not be read.
  void ReportUnknown(Kind kind, const FileScope& scope, const YamlNode& reference,
                     const std::string& what) const;
  /// The same for something that must be an indicator; a measure is named as such.
  void ReportUnknownIndicator(const FileScope& scope, const YamlNode& reference,
                              const std::string& what) const;
  std::vector<std::string> NamesOf(Kind kind) const;

 private:
  struct Declared {
    std::string file;
    Position at;
  };
  std::map<Kind, std::map<std::string, Declared, std::less<>>> declared_;
};

/// The word of a kind in messages.
std::string_view WordOf(Kind kind);

}  // namespace fansipan::center
