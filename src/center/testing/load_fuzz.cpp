#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

// The first byte chooses the file of a correct center that the rest takes the place of.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto files = fansipan::center::testing::SampleCenter();
  auto file = files.begin();
  std::advance(file, data[0] % files.size());
  file->second.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto outcome =
      fansipan::center::LoadCenterFiles(files, fansipan::center::testing::PrattParser());
  // A center that is refused says why; one that is taken has nothing wrong.
  if ((outcome.center == nullptr) == outcome.problems.empty()) std::abort();
  return 0;
}
