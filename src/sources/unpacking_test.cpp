#include "sources/unpacking.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

namespace fansipan::sources {
namespace {

constexpr std::uint64_t kLimit = 64U << 20U;

std::string Deflated(const std::string& text, int form) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, form, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Gzip(const std::string& text) { return Deflated(text, 31); }
std::string Deflate(const std::string& text) { return Deflated(text, 15); }

std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string ReasonOf(const std::string& body, std::string_view encoding,
                     std::uint64_t limit = kLimit) {
  const auto unpacked = Unpack(body, encoding, limit);
  return unpacked.ok() ? "" : unpacked.error().reason;
}

TEST(Unpack, UndoesEachCoding) {
  const std::string text = "số hồ sơ;ngày nhận\n1;2026-01-02\n";
  EXPECT_EQ(*Unpack(text, "identity", kLimit), text);
  EXPECT_EQ(*Unpack(Gzip(text), "gzip", kLimit), text);
  EXPECT_EQ(*Unpack(Gzip("a") + Gzip("b"), "gzip", kLimit), "ab");
  EXPECT_EQ(*Unpack(Deflate(text), "deflate", kLimit), text);
  EXPECT_EQ(*Unpack(Zstd(text), "zstd", kLimit), text);
  EXPECT_EQ(*Unpack(Zstd("a") + Zstd("b"), "zstd", kLimit), "ab");
  EXPECT_EQ(*Unpack(Gzip(""), "gzip", kLimit), "");
}

TEST(Unpack, RefusesBombs) {
  const std::string zeros(32U << 20U, '\0');
  for (const auto& [encoding, body] :
       {std::pair{"gzip", Gzip(zeros)}, {"deflate", Deflate(zeros)}, {"zstd", Zstd(zeros)}}) {
    EXPECT_EQ(ReasonOf(body, encoding), "unpacked_too_large") << encoding;
  }
}

TEST(Unpack, RefusesWhatIsLongerThanTheLimit) {
  const std::string text = "0123456789";
  EXPECT_EQ(ReasonOf(Gzip(text), "gzip", 30), "");
  for (const auto& [encoding, body] : {std::pair{"identity", text},
                                       {"gzip", Gzip(text)},
                                       {"deflate", Deflate(text)},
                                       {"zstd", Zstd(text)}}) {
    EXPECT_EQ(ReasonOf(body, encoding, 9), "unpacked_too_large") << encoding;
  }
}

TEST(Unpack, RefusesDamagedCutOffAndTrailedBodies) {
  const std::string text(5000, 'x');
  for (const auto& [encoding, body] :
       {std::pair{"gzip", Gzip(text)}, {"deflate", Deflate(text)}, {"zstd", Zstd(text)}}) {
    for (std::size_t length = 0; length < body.size(); ++length) {
      ASSERT_EQ(ReasonOf(body.substr(0, length), encoding), "bad_compression")
          << encoding << length;
    }
    EXPECT_EQ(ReasonOf(body + "trailing bytes", encoding), "bad_compression") << encoding;
    std::string damaged = body;
    damaged[0] = static_cast<char>(damaged[0] ^ 0x55);
    EXPECT_EQ(ReasonOf(damaged, encoding), "bad_compression") << encoding;
  }
}

TEST(Unpack, RefusesUnknownCodings) { EXPECT_EQ(ReasonOf("x", "br"), "unknown_encoding"); }

}  // namespace
}  // namespace fansipan::sources
