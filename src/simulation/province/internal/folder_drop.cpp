#include "simulation/province/internal/folder_drop.h"

#include <utility>
#include <vector>

namespace fansipan::simulation::internal {
namespace {

constexpr const char* kPlaces[] = {"", "/done", "/refused"};

bool IsFileName(const std::string& name) {
  return !name.empty() && name.front() != '.' && !name.ends_with(".part") &&
         name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
}

std::size_t StemLength(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name.size() : dot;
}

/// As a person's computer names a second file.
std::string NumberedName(const std::string& name, int number) {
  const std::size_t stem = StemLength(name);
  return name.substr(0, stem) + " (" + std::to_string(number) + ")" + name.substr(stem);
}

}  // namespace

FolderDrop::FolderDrop(base::FileSystem& files, std::string folder)
    : files_(files), folder_(std::move(folder)) {}

base::Result<bool> FolderDrop::Put(const std::string& source, const std::string& name,
                                   const std::string& body) const {
  if (!IsFileName(name)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "wrong_file_name",
                       "source '" + source + "' cannot drop a file named '" + name + "'"};
  }
  const std::string folder = folder_ + "/" + source;
  for (const char* place : kPlaces) {
    if (Holds(folder + place, name, body)) return false;
  }
  FANSIPAN_RETURN_IF_ERROR(files_.MakeFolder(folder));
  const std::string part = folder + "/" + name + ".part";  // which the center lets be
  if (files_.Exists(part)) FANSIPAN_RETURN_IF_ERROR(files_.Remove(part));
  {
    FANSIPAN_ASSIGN_OR_RETURN(const auto file, files_.OpenForAppend(part));
    FANSIPAN_RETURN_IF_ERROR(file->Append(body));
    FANSIPAN_RETURN_IF_ERROR(file->Sync());
  }
  std::string free_name = name;
  for (int number = 2; files_.Exists(folder + "/" + free_name); ++number) {
    free_name = NumberedName(name, number);
  }
  FANSIPAN_RETURN_IF_ERROR(files_.Rename(part, folder + "/" + free_name));
  return true;
}

bool FolderDrop::Holds(const std::string& folder, const std::string& name,
                       const std::string& body) const {
  if (!files_.Exists(folder)) return false;
  const auto names = files_.List(folder);
  if (!names.ok()) return false;
  for (const std::string& found : *names) {
    // Names that were taken got a number, here or by the center.
    if (!found.starts_with(name.substr(0, StemLength(name)))) continue;
    const auto bytes = files_.ReadWhole(folder + "/" + found, body.size());
    if (bytes.ok() && *bytes == body) return true;
  }
  return false;
}

}  // namespace fansipan::simulation::internal
