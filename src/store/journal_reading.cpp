#include "store/journal_reading.h"

#include <string>
#include <string_view>

namespace fansipan::store {
namespace {

constexpr std::string_view kEnough = "enough";

}  // namespace

base::Error Enough() { return {base::ErrorCode::kConflict, std::string(kEnough), {}}; }

base::Status UnlessEnough(const base::Status& read) {
  return !read.ok() && read.error().reason == kEnough ? base::Status() : read;
}

}  // namespace fansipan::store
