#include "http/static_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "http/target.h"

namespace fansipan::http {
namespace {

Request For(const std::string& path, const std::string& etag = "") {
  Request request;
  request.segments = ParseTarget(path).value().segments;
  if (!etag.empty()) request.fields.Add("If-None-Match", etag);
  return request;
}

std::string FieldOf(const Response& response, const std::string& name) {
  for (const auto& [known, value] : response.fields) {
    if (known == name) return value;
  }
  return "";
}

StaticFiles Sample() {
  StaticFiles files;
  files.Add("index.html", "<!doctype html>");
  files.Add("assets/index-BmDoyqlE.js", "export {}");
  files.Add("favicon.svg", "<svg/>");
  return files;
}

TEST(StaticFiles, HaveTypesAndAreKeptAsLongAsTheyAreGood) {
  const StaticFiles files = Sample();
  const auto script = files.Serve(For("/assets/index-BmDoyqlE.js"));
  ASSERT_TRUE(script.ok());
  EXPECT_EQ(script->content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(FieldOf(*script, "Cache-Control"), "public, max-age=31536000, immutable");
  const auto page = files.Serve(For("/index.html"));
  EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(FieldOf(*page, "Cache-Control"), "no-cache");
  EXPECT_EQ(files.Serve(For("/favicon.svg"))->content_type, "image/svg+xml");
}

TEST(StaticFiles, AreNotSentAgainToThoseWhoHaveThem) {
  const StaticFiles files = Sample();
  const std::string etag = FieldOf(*files.Serve(For("/")), "ETag");
  EXPECT_EQ(files.Serve(For("/", etag))->status, 304);
  EXPECT_EQ(files.Serve(For("/favicon.svg", etag))->status, 200);
}

TEST(StaticFiles, GiveTheApplicationForPathsOfScreensOnly) {
  const StaticFiles files = Sample();
  EXPECT_EQ(*files.Serve(For("/panels/services"))->body, "<!doctype html>");
  EXPECT_EQ(files.Serve(For("/assets/other.js")).error().reason, "unknown_route");
  EXPECT_EQ(StaticFiles().Serve(For("/")).error().reason, "unknown_route");
}

TEST(StaticFiles, AreReadFromAFolderAndNothingBeside) {
  std::string folder = (std::filesystem::temp_directory_path() / "screens-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::filesystem::create_directories(folder + "/dist/assets");
  const auto write = [&](const std::string& name) { std::ofstream(folder + name) << name; };
  for (const char* name : {"/secret.txt", "/dist/index.html", "/dist/assets/a-12345678.css",
                           "/dist/.env", "/dist/assets/a.js.map"}) {
    write(name);
  }
  base::PosixFileSystem files;
  const auto loaded = StaticFiles::Load(files, folder + "/dist");
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->size(), 2U);
  EXPECT_TRUE(loaded->Serve(For("/assets/a-12345678.css")).ok());
  EXPECT_FALSE(loaded->Serve(For("/secret.txt")).ok());
  EXPECT_FALSE(loaded->Serve(For("/.env")).ok());
  EXPECT_FALSE(loaded->Serve(For("/assets/a.js.map")).ok());
}

}  // namespace
}  // namespace fansipan::http
