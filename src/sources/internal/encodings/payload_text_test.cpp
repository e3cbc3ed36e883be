#include "sources/internal/encodings/payload_text.h"

#include <gtest/gtest.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sources/internal/encodings/byte_encodings.h"
#include "sources/internal/text_decoder.h"

namespace fansipan::sources::internal {
namespace {

using center::Encoding;

/// A letter's bytes in an encoding, and the letter in UTF-8.
using Letter = std::pair<std::string, std::string>;

/// The text, with a question mark for what could not be decoded; or the reason it was refused.
std::string TextOf(std::string_view payload, Encoding encoding) {
  const auto read = PayloadText::Read(payload, encoding);
  if (!read.ok()) return read.error().reason;
  std::string text(read->text());
  std::ranges::replace(text, '\xFF', '?');
  return text;
}

/// What the system's own converter makes of it; empty where it refuses.
std::string ConvertedBySystem(const char* from, std::string_view payload) {
  iconv_t converter = iconv_open("UTF-8", from);
  EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << from;
  std::string input(payload);
  std::string output(8 * payload.size() + 8, '\0');
  char* in = input.data();
  char* out = output.data();
  std::size_t in_left = input.size();
  std::size_t out_left = output.size();
  const bool failed =
      iconv(converter, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1) ||
      iconv(converter, nullptr, nullptr, &out, &out_left) == static_cast<std::size_t>(-1);
  iconv_close(converter);
  return failed ? "" : output.substr(0, output.size() - out_left);
}

/// The bytes of ISO 8859-1 that a UTF-8 text of it stands for.
std::string Latin1(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      bytes += text[i];
    } else {
      bytes +=
          static_cast<char>(((first & 3U) << 6U) | (static_cast<unsigned char>(text[++i]) & 0x3FU));
    }
  }
  return bytes;
}

/// VNI's small letters as a reader of ISO 8859-1 sees them, in the order a à ả ã á ạ and so on.
std::vector<Letter> VniLetters() {
  const std::vector<Letter> small = {
      {"aø", "à"}, {"aû", "ả"}, {"aõ", "ã"}, {"aù", "á"}, {"aï", "ạ"}, {"aê", "ă"}, {"aè", "ằ"},
      {"aú", "ẳ"}, {"aü", "ẵ"}, {"aé", "ắ"}, {"aë", "ặ"}, {"aâ", "â"}, {"aà", "ầ"}, {"aå", "ẩ"},
      {"aã", "ẫ"}, {"aá", "ấ"}, {"aä", "ậ"}, {"eø", "è"}, {"eû", "ẻ"}, {"eõ", "ẽ"}, {"eù", "é"},
      {"eï", "ẹ"}, {"eâ", "ê"}, {"eà", "ề"}, {"eå", "ể"}, {"eã", "ễ"}, {"eá", "ế"}, {"eä", "ệ"},
      {"ì", "ì"},  {"æ", "ỉ"},  {"ó", "ĩ"},  {"í", "í"},  {"ò", "ị"},  {"oø", "ò"}, {"oû", "ỏ"},
      {"oõ", "õ"}, {"où", "ó"}, {"oï", "ọ"}, {"oâ", "ô"}, {"oà", "ồ"}, {"oå", "ổ"}, {"oã", "ỗ"},
      {"oá", "ố"}, {"oä", "ộ"}, {"ô", "ơ"},  {"ôø", "ờ"}, {"ôû", "ở"}, {"ôõ", "ỡ"}, {"ôù", "ớ"},
      {"ôï", "ợ"}, {"uø", "ù"}, {"uû", "ủ"}, {"uõ", "ũ"}, {"uù", "ú"}, {"uï", "ụ"}, {"ö", "ư"},
      {"öø", "ừ"}, {"öû", "ử"}, {"öõ", "ữ"}, {"öù", "ứ"}, {"öï", "ự"}, {"yø", "ỳ"}, {"yû", "ỷ"},
      {"yõ", "ỹ"}, {"yù", "ý"}, {"î", "ỵ"},  {"ñ", "đ"}};
  std::vector<Letter> letters;
  for (const Letter& letter : small) letters.emplace_back(Latin1(letter.first), letter.second);
  return letters;
}

std::vector<Letter> TcvnLetters() {
  std::vector<Letter> letters;
  for (int byte = 0xA1; byte < 0xFF; ++byte) {
    const std::string bytes(1, static_cast<char>(byte));
    const std::string text = TextOf(bytes, Encoding::kTcvn3);
    if (text != "?") letters.emplace_back(bytes, text);
  }
  return letters;
}

std::vector<Letter> LettersOf(Encoding encoding) {
  if (encoding == Encoding::kVni) return VniLetters();
  if (encoding == Encoding::kTcvn3) return TcvnLetters();
  if (encoding == Encoding::kUtf8) return {{"ữ", "ữ"}, {"😀", "😀"}};
  // Windows-1258: a letter, and one with a tone.
  return {{"\xD0", "Đ"}, {"\xF4", "ô"}, {"\xFD\xDE", "ữ"}, {"a\xF2", "ạ"}, {"\xE2\xEC", "ấ"}};
}

TEST(Windows1258, IsReadAsTheSystemReadsIt) {
  for (int byte = 0x80; byte < 0x100; ++byte) {
    const std::string bytes(1, static_cast<char>(byte));
    const std::string known = ConvertedBySystem("CP1258", bytes);
    const bool is_mark = std::string_view("\xCC\xD2\xDE\xEC\xF2").find(bytes) != std::string::npos;
    EXPECT_EQ(TextOf(bytes, Encoding::kWindows1258), known.empty() || is_mark ? "?" : known)
        << byte;
  }
  const std::string_view letters =
      "aAeEiIoOuUyYnNbczZ\xC2\xE2\xC3\xE3\xCA\xEA\xD4\xF4\xD5\xF5\xDD\xFD";
  for (const char letter : letters) {
    for (const char mark : {'\xCC', '\xD2', '\xDE', '\xEC', '\xF2'}) {
      const std::string bytes = {letter, mark};
      EXPECT_EQ(TextOf(bytes, Encoding::kWindows1258), ConvertedBySystem("CP1258", bytes)) << bytes;
    }
  }
}

TEST(Windows1258, GivesOneCharacterForALetterAndItsTone) {
  EXPECT_EQ(TextOf("Nguy\xEA\xDEn V\xE3n \xD0\xFD\xDE", Encoding::kWindows1258), "Nguyễn Văn Đữ");
  EXPECT_EQ(TextOf("man\xDE"
                   "ana",
                   Encoding::kWindows1258),
            "mañana");
  EXPECT_EQ(TextOf(" \xEC", Encoding::kWindows1258), " ?") << "a tone on nothing";
  EXPECT_EQ(TextOf("a\xEC\xF2", Encoding::kWindows1258), "á?") << "a second tone";
  EXPECT_EQ(TextOf("\xE1\xF2", Encoding::kWindows1258), "á?") << "a tone on a toned letter";
}

TEST(Tcvn3, IsReadAsTheStandardSays) {
  std::size_t letters = 0;
  for (const auto& [bytes, text] : TcvnLetters()) {
    EXPECT_EQ(text, ConvertedBySystem("TCVN5712-1", bytes));
    ++letters;
  }
  EXPECT_EQ(letters, 74U) << "7 capitals, 67 small letters";
  EXPECT_EQ(TextOf("\xA7\xDE"
                   "a ch\xD8",
                   Encoding::kTcvn3),
            "Địa chỉ");
  EXPECT_EQ(TextOf("A\xB3 \xA1\xB3", Encoding::kTcvn3), "Á Ắ") << "capitals by combining tones";
  EXPECT_EQ(TextOf("\x93ngh\xD8\x94 \x96 5", Encoding::kTcvn3), "“nghỉ” – 5");
  EXPECT_EQ(TextOf("\x81|\xAF|\xFF|\x80", Encoding::kTcvn3), "?|?|?|€");
}

TEST(Vni, ReadsALetterAndItsMark) {
  const std::vector<Letter> letters = VniLetters();
  EXPECT_EQ(letters.size(), 67U);
  for (const auto& [bytes, text] : letters) {
    EXPECT_EQ(TextOf(bytes, Encoding::kVni), text) << testing::PrintToString(bytes);
    std::string capital = bytes;
    for (char& c : capital) c = static_cast<char>(static_cast<unsigned char>(c) - 0x20);
    // A capital's UTF-8 is not that of the small letter, and never the same.
    EXPECT_NE(TextOf(capital, Encoding::kVni), text);
    EXPECT_EQ(TextOf(capital, Encoding::kVni).find('?'), std::string::npos);
  }
  EXPECT_EQ(TextOf(Latin1("UÛY BAN NHAÂN DAÂN TÆNH LAØO CAI"), Encoding::kVni),
            "ỦY BAN NHÂN DÂN TỈNH LÀO CAI");
  EXPECT_EQ(TextOf(Latin1("Ñöôøng 5 × 3"), Encoding::kVni), "Đường 5 × 3");
  EXPECT_EQ(TextOf(Latin1("bù|eê|ç"), Encoding::kVni), "b?|e?|?") << "marks on what takes none";
}

TEST(Utf16, FollowsItsMarkAndIsLittleEndianWithoutOne) {
  EXPECT_EQ(TextOf(std::string_view("\xFF\xFE"
                                    "a\0\xA1\x1E",
                                    6),
                   Encoding::kUtf16),
            "aạ");
  EXPECT_EQ(TextOf(std::string_view("\xFE\xFF\0a\x1E\xA1", 6), Encoding::kUtf16), "aạ");
  EXPECT_EQ(TextOf(std::string_view("a\0\x3D\xD8\0\xDE", 6), Encoding::kUtf16), "a😀");
  EXPECT_EQ(TextOf(std::string_view("\x3D\xD8"
                                    "a\0\0\xDE",
                                    6),
                   Encoding::kUtf16),
            "?a?");
  EXPECT_EQ(TextOf(std::string_view("a\0\x3D\xD8", 4), Encoding::kUtf16), "a?");
  EXPECT_EQ(TextOf(std::string_view("a\0b", 3), Encoding::kUtf16), "cut_off");
  EXPECT_EQ(TextOf("", Encoding::kUtf16), "");
}

TEST(PayloadText, IsRefusedWhenItsMarkIsOfAnotherEncoding) {
  EXPECT_EQ(TextOf("\xFF\xFE"
                   "a\0",
                   Encoding::kUtf8),
            "byte_order_mark");
  EXPECT_EQ(TextOf("\xEF\xBB\xBF"
                   "ab\n",
                   Encoding::kUtf16),
            "byte_order_mark");
  EXPECT_EQ(TextOf("\xEF\xBB\xBF"
                   "a",
                   Encoding::kTcvn3),
            "byte_order_mark");
}

TEST(PayloadText, IsTheSameWhateverLiesOverTheEndOfABlock) {
  for (std::size_t before = (64U << 10U) - 3; before <= (64U << 10U) + 1; ++before) {
    const std::string payload = std::string(before, 'x') + "\xFD\xDE,";
    EXPECT_EQ(TextOf(payload, Encoding::kWindows1258), std::string(before, 'x') + "ữ,");
    const std::string commas = std::string(before, ',') + "a\xF2,";
    EXPECT_EQ(TextOf(commas, Encoding::kWindows1258), std::string(before, ',') + "ạ,");
  }
  for (std::size_t before = (32U << 10U) - 2; before <= (32U << 10U); ++before) {
    std::string payload;
    for (std::size_t i = 0; i < before; ++i) payload += std::string_view("x\0", 2);
    payload += std::string_view("\x3D\xD8\0\xDE", 4);
    EXPECT_EQ(TextOf(payload, Encoding::kUtf16), std::string(before, 'x') + "😀");
  }
}

class Nobody final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const RawBatch& batch) override {
    taken += batch.rows.size();
    return {};
  }
  std::size_t taken = 0;
};

/// A file written row by row, so that where each row stands is known without decoding.
struct WrittenFile {
  std::string payload;
  std::vector<RawRowSpan> rows;
  std::vector<std::size_t> undecodable;  ///< row numbers
};

class FileWriter {
 public:
  FileWriter(Encoding encoding, std::uint32_t seed)
      : encoding_(encoding), letters_(LettersOf(encoding)), random_(seed) {}

  WrittenFile Write() {
    if (encoding_ == Encoding::kUtf16) {
      big_endian_ = Below(2) == 0;
      if (big_endian_ || Below(2) == 0) Put(0xFEFF);
    }
    Text("a,b");
    LineEnd();
    const std::size_t count = Below(40);
    for (std::size_t i = 1; i <= count; ++i) {
      while (Below(6) == 0) LineEnd();
      Row(i, i == count && Below(2) == 0);
    }
    return std::move(file_);
  }

 private:
  std::size_t Below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  void Put(char16_t unit) {
    const char low = static_cast<char>(unit & 0xFFU);
    const char high = static_cast<char>(unit >> 8U);
    file_.payload += big_endian_ ? high : low;
    file_.payload += big_endian_ ? low : high;
  }

  void Text(std::string_view ascii) {
    for (const char c : ascii) {
      if (encoding_ == Encoding::kUtf16) {
        Put(static_cast<char16_t>(c));
      } else {
        file_.payload += c;
      }
      if (c == '\n') ++line_;
    }
  }

  void LineEnd() { Text(Below(2) == 0 ? "\n" : "\r\n"); }

  void Letters() {
    for (std::size_t n = Below(6); n > 0; --n) {
      if (encoding_ != Encoding::kUtf16) {
        file_.payload += letters_[Below(letters_.size())].first;
      } else if (Below(4) == 0) {
        Put(0xD83D);
        Put(0xDE00);
      } else {
        Put(static_cast<char16_t>(0x1E00 + Below(0x100)));
      }
    }
  }

  void Undecodable() {
    if (encoding_ == Encoding::kUtf16) {
      Put(0xDC00);
    } else {
      file_.payload += encoding_ == Encoding::kVni ? '\xDE' : '\x8D';
    }
  }

  void Row(std::size_t number, bool last) {
    RawRowSpan row{.offset = file_.payload.size(), .length = 0, .line = line_};
    Text("x");
    Letters();
    if (Below(8) == 0) {
      Undecodable();
      file_.undecodable.push_back(number);
    }
    Text(Below(3) == 0 ? ",\"1\r\n\n2\"" : ",y");
    row.length = file_.payload.size() - row.offset;
    file_.rows.push_back(row);
    if (!last) LineEnd();
  }

  Encoding encoding_;
  std::vector<Letter> letters_;
  std::mt19937 random_;
  bool big_endian_ = false;
  std::uint32_t line_ = 1;
  WrittenFile file_;
};

class PlacesIn : public testing::TestWithParam<Encoding> {};

TEST_P(PlacesIn, ARandomFileAreThoseAtWhichItsRowsWereWritten) {
  center::Source source;
  source.name = "cases";
  source.encoding = GetParam();
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    const WrittenFile file = FileWriter(GetParam(), seed).Write();
    Nobody nobody;
    const auto decoded = DecodeText(file.payload, source, nobody);
    ASSERT_TRUE(decoded.ok()) << seed << ": " << decoded.error().message;
    ASSERT_EQ(decoded->rows.size(), file.rows.size()) << seed;
    for (std::size_t i = 0; i < file.rows.size(); ++i) {
      ASSERT_EQ(decoded->rows[i].offset, file.rows[i].offset) << seed << " row " << i + 1;
      ASSERT_EQ(decoded->rows[i].length, file.rows[i].length) << seed << " row " << i + 1;
      ASSERT_EQ(decoded->rows[i].line, file.rows[i].line) << seed << " row " << i + 1;
    }
    std::vector<std::size_t> refused;
    for (const model::QuarantinedRow& row : decoded->refused) {
      refused.push_back(row.raw_row);
      EXPECT_EQ(row.byte_offset, file.rows[row.raw_row - 1].offset);
    }
    ASSERT_EQ(refused, file.undecodable) << seed;
    EXPECT_EQ(nobody.taken, file.rows.size() - refused.size());
  }
}

std::string NameOfCase(const testing::TestParamInfo<Encoding>& info) {
  std::string name(center::NameOf(info.param));
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Encodings, PlacesIn,
                         testing::Values(Encoding::kUtf8, Encoding::kUtf16, Encoding::kWindows1258,
                                         Encoding::kTcvn3, Encoding::kVni),
                         NameOfCase);

}  // namespace
}  // namespace fansipan::sources::internal
