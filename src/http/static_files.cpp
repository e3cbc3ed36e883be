#include "http/static_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "http/etag.h"

namespace fansipan::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".mjs", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".json", "application/json"},
     {".webmanifest", "application/manifest+json"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".jpg", "image/jpeg"},
     {".webp", "image/webp"},
     {".ico", "image/x-icon"},
     {".woff2", "font/woff2"},
     {".woff", "font/woff"},
     {".txt", "text/plain; charset=utf-8"},
     {".pbf", "application/x-protobuf"}}};

std::string_view TypeOf(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "";
}

/// "assets/index-BmDoyqlE.js": the bundler puts at least eight characters of a hash before the
/// ending.
bool HasHash(std::string_view path) {
  if (!path.starts_with("assets/")) return false;
  const std::size_t dot = path.rfind('.');
  const std::size_t dash = path.find_last_of("-.", dot == 0 ? 0 : dot - 1);
  return dot != std::string_view::npos && dash != std::string_view::npos && dot - dash > 8;
}

std::string PathOf(const Request& request) {
  std::string path;
  for (const std::string& segment : request.segments) {
    path += (path.empty() ? "" : "/") + segment;
  }
  return path;
}

}  // namespace

base::Result<StaticFiles> StaticFiles::Load(base::FileSystem& files, const std::string& folder) {
  StaticFiles loaded;
  FANSIPAN_RETURN_IF_ERROR(loaded.LoadFolder(files, folder, ""));
  return loaded;
}

base::Status StaticFiles::LoadFolder(base::FileSystem& files, const std::string& folder,
                                     const std::string& prefix) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto names, files.List(folder));
  for (const std::string& name : names) {
    if (name.starts_with('.')) continue;
    const bool is_file = !TypeOf(name).empty();
    if (!is_file && name.find('.') != std::string::npos) continue;
    std::string path = folder;
    path.append("/").append(name);
    if (!is_file) {
      std::string below = prefix;
      below.append(name).append("/");
      FANSIPAN_RETURN_IF_ERROR(LoadFolder(files, path, below));
      continue;
    }
    FANSIPAN_ASSIGN_OR_RETURN(std::string bytes, files.ReadWhole(path, kMaxBytes - bytes_));
    if (files_.size() == kMaxFiles) {
      return base::Error{base::ErrorCode::kTooLarge, "too_many_files",
                         "folder " + folder + " has more than 2,000 files for screens"};
    }
    Add(prefix + name, std::move(bytes));
  }
  return {};
}

void StaticFiles::Add(std::string path, std::string bytes) {
  File file;
  file.content_type = TypeOf(path);
  file.etag = "\"" + base::ToHex(base::Sha256(bytes)).substr(0, 32) + "\"";
  file.hashed = HasHash(path);
  bytes_ += bytes.size();
  file.bytes = std::make_shared<const std::string>(std::move(bytes));
  files_[std::move(path)] = std::move(file);
}

base::Result<Response> StaticFiles::Serve(const Request& request) const {
  const std::string path = PathOf(request);
  auto found = files_.find(path);
  const bool is_screen =
      request.segments.empty() || request.segments.back().find('.') == std::string::npos;
  if (found == files_.end() && is_screen) found = files_.find("index.html");
  if (found == files_.end()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_route",
                       files_.empty() ? "there are no screens here; build them with './dev web'"
                                      : "there is nothing at this path"};
  }
  const File& file = found->second;
  Response response;
  if (HasEtag(request, file.etag)) {
    response.status = 304;
  } else {
    response.content_type = file.content_type;
    response.body = file.bytes;
  }
  response.Set("ETag", file.etag);
  response.Set("Cache-Control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache");
  return response;
}

}  // namespace fansipan::http
