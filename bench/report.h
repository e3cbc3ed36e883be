#pragma once

#include <string>
#include <vector>

#include "bench/settings.h"

namespace fansipan::bench {

/// A limit that a measured number is held against.
struct Budget {
  double limit = 0;
  bool at_least = false;  ///< else at most
  std::string unit;
};

/// "12.3 ms", with as many decimals as the size needs.
std::string NumberText(double number, const std::string& unit);
/// "<= 20 ms: met" or "<= 20 ms: missed".
std::string JudgeText(const Budget& budget, double measured);

/// What a bench found: settings, then lines "figure | measured | budget | peer", then notes. Finish
/// prints it with the machine's description and writes the same text to the results folder.
class Report {
 public:
  Report(std::string name, const Settings& settings);

  void AddSetting(const std::string& name, const std::string& value);
  void AddFigure(std::string figure, std::string measured, std::string budget = "",
                 std::string peer = "");
  void AddJudged(std::string figure, double measured, const Budget& budget, std::string peer = "");
  void AddNote(const std::string& text) { notes_.push_back(text); }
  /// Returns the text.
  std::string Finish() const;

 private:
  struct Line {
    std::string figure, measured, budget, peer;
  };
  std::string Text() const;

  const std::string name_;
  const std::string scale_;
  const std::string path_;
  std::vector<std::string> settings_;
  std::vector<Line> lines_;
  std::vector<std::string> notes_;
};

/// Cores, processor, memory, kernel. Names no machine.
std::string DescribeMachine();

}  // namespace fansipan::bench
