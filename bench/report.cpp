#include "bench/report.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace fansipan::bench {
namespace {

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "processor not named";
}

/// How busy the machine was with anything in the last minute.
std::string LoadAverage() {
  std::ifstream file("/proc/loadavg");
  std::string minute;
  file >> minute;
  return minute;
}

}  // namespace

std::string NumberText(double number, const std::string& unit) {
  const double size = std::abs(number);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return fmt::format("{:.{}f} {}", number, decimals, unit);
}

std::string JudgeText(const Budget& budget, double measured) {
  const bool met = budget.at_least ? measured >= budget.limit : measured <= budget.limit;
  return fmt::format("{} {:g} {}: {}", budget.at_least ? ">=" : "<=", budget.limit, budget.unit,
                     met ? "met" : "MISSED");
}

std::string DescribeMachine() {
  utsname kernel{};
  uname(&kernel);
  const double pages = static_cast<double>(sysconf(_SC_PHYS_PAGES));
  const double gigabytes = pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e9;
  return fmt::format("{} cores ({}), {:.1f} GB of memory, {} {} {}", sysconf(_SC_NPROCESSORS_ONLN),
                     ProcessorName(), gigabytes, kernel.sysname, kernel.release, kernel.machine);
}

Report::Report(std::string name, const Settings& settings)
    : name_(std::move(name)),
      scale_(fmt::format("{:g}", settings.scale)),
      path_(fmt::format("{}/{}-{}.txt", settings.results_folder, name_, scale_)) {
  AddSetting("load average of the machine when it began", LoadAverage());
}

void Report::AddSetting(const std::string& name, const std::string& value) {
  settings_.push_back(name + ": " + value);
}

void Report::AddFigure(std::string figure, std::string measured, std::string budget,
                       std::string peer) {
  lines_.push_back({std::move(figure), std::move(measured), std::move(budget), std::move(peer)});
}

void Report::AddJudged(std::string figure, double measured, const Budget& budget,
                       std::string peer) {
  AddFigure(std::move(figure), NumberText(measured, budget.unit), JudgeText(budget, measured),
            std::move(peer));
}

std::string Report::Text() const {
  std::string text =
      fmt::format("bench {} at scale {}\nmachine: {}\n", name_, scale_, DescribeMachine());
  for (const std::string& setting : settings_) text += setting + "\n";
  std::size_t figure = 6;
  std::size_t measured = 8;
  std::size_t budget = 6;
  for (const Line& line : lines_) {
    figure = std::max(figure, line.figure.size());
    measured = std::max(measured, line.measured.size());
    budget = std::max(budget, line.budget.size());
  }
  const auto row = [&](const Line& line) {
    text += fmt::format("{:<{}} | {:<{}} | {:<{}} | {}\n", line.figure, figure, line.measured,
                        measured, line.budget, budget, line.peer);
  };
  row({"figure", "measured", "budget", "peer"});
  for (const Line& line : lines_) row(line);
  for (const std::string& note : notes_) text += note + "\n";
  return text;
}

std::string Report::Finish() const {
  const std::string text = Text();
  fmt::print("\n{}", text);
  std::fflush(stdout);
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failed);
  std::ofstream(path_, std::ios::trunc) << text;
  return text;
}

}  // namespace fansipan::bench
