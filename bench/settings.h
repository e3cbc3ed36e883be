#pragma once

#include <cstddef>
#include <string>

namespace fansipan::bench {

/// What the command line chose. Folders are absolute or below the repository's root.
struct Settings {
  double scale = 1.0;          ///< 1: 50 million versions of 10 million keys
  std::string program;         ///< the fansipan binary
  std::string data_root;       ///< prepared data folders and copies of them
  std::string results_folder;  ///< reports as text
  std::size_t batches = 10;
  std::size_t batch_rows = 100'000;
  std::size_t connections = 4;  ///< deliveries under way at once
  bool peer = true;
  double minutes = 10;
  double hours = 2;
  bool two_scales = true;  ///< freshness: a tenth of the data first
  std::size_t rows_per_second = 10'000;
  std::size_t rows_per_delivery = 500;
  std::size_t viewers = 10'000;
  std::size_t pairs = 100;
  double changes_per_second = 20;
  double seconds = 60;  ///< of the viewers' load
};

}  // namespace fansipan::bench
