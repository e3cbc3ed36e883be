#include "sources/internal/workbook/zip_reader.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxMembers = 20'000;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kMaxNote = 0xFFFF;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
constexpr std::string_view kEndMark = "PK\x05\x06";
constexpr std::string_view kCentralMark = "PK\x01\x02";
constexpr std::string_view kLocalMark = "PK\x03\x04";

base::Error Unreadable(std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "workbook_unreadable",
          fmt::format("the workbook is damaged or cut off: {}", what)};
}

/// A number of so many bytes, the lowest first. The caller has checked that they are there.
std::uint32_t Number(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return number;
}

class Inflater {
 public:
  Inflater() : ready_(inflateInit2(&stream_, -MAX_WBITS) == Z_OK) {}
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_;
};

base::Status Inflate(std::string_view packed, std::uint64_t limit,
                     const std::function<base::Status(std::string_view)>& take) {
  Inflater inflater;
  if (!inflater.ready()) return Unreadable("there is no memory to unpack it");
  z_stream& stream = inflater.stream();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<char, 1U << 16U> room{};
  std::uint64_t unpacked = 0;
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    const int done = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = room.size() - stream.avail_out;
    unpacked += got;
    if (unpacked > limit) {
      return base::Error{
          base::ErrorCode::kTooLarge, "unpacked_too_large",
          fmt::format("a part of the workbook unpacks to more than {} bytes", limit)};
    }
    if (got > 0) FANSIPAN_RETURN_IF_ERROR(take({room.data(), got}));
    if (done == Z_STREAM_END) return {};
    if (done != Z_OK || got == 0) return Unreadable("a part of it cannot be unpacked");
  }
}

}  // namespace

base::Result<ZipReader> ZipReader::Open(std::string_view bytes) {
  const std::size_t searched = std::min(bytes.size(), kEndBytes + kMaxNote);
  const std::size_t found = bytes.substr(bytes.size() - searched).rfind(kEndMark);
  if (found == std::string_view::npos || searched - found < kEndBytes) {
    return Unreadable("the list of its parts is missing");
  }
  const std::size_t end = bytes.size() - searched + found;
  const std::uint32_t count = Number(bytes, end + 10, 2);
  std::size_t at = Number(bytes, end + 16, 4);
  if (count > kMaxMembers) return Unreadable("it has too many parts");
  ZipReader reader;
  reader.bytes_ = bytes;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (at > end || end - at < kCentralBytes || !bytes.substr(at).starts_with(kCentralMark)) {
      return Unreadable("the list of its parts is not whole");
    }
    const std::size_t name_bytes = Number(bytes, at + 28, 2);
    const std::size_t rest = Number(bytes, at + 30, 2) + Number(bytes, at + 32, 2);
    if (end - at - kCentralBytes < name_bytes) return Unreadable("a part's name is cut off");
    const Member member{static_cast<std::uint16_t>(Number(bytes, at + 10, 2)),
                        Number(bytes, at + 20, 4), Number(bytes, at + 24, 4),
                        Number(bytes, at + 42, 4)};
    reader.members_.try_emplace(std::string(bytes.substr(at + kCentralBytes, name_bytes)), member);
    at += kCentralBytes + name_bytes + rest;
  }
  return reader;
}

std::map<std::string, std::uint64_t> ZipReader::Sizes() const {
  std::map<std::string, std::uint64_t> sizes;
  for (const auto& [name, member] : members_) sizes[name] = member.unpacked_bytes;
  return sizes;
}

std::string ZipReader::FindName(std::string_view begin, std::string_view end) const {
  for (const auto& [name, member] : members_) {
    if (name.starts_with(begin) && name.ends_with(end)) return name;
  }
  return {};
}

base::Status ZipReader::Read(const std::string& name, std::uint64_t limit,
                             const std::function<base::Status(std::string_view)>& take) const {
  const auto found = members_.find(name);
  if (found == members_.end()) return Unreadable(fmt::format("it has no part {}", name));
  const Member& member = found->second;
  const std::size_t head = member.head;
  if (head > bytes_.size() || bytes_.size() - head < kLocalBytes ||
      !bytes_.substr(head).starts_with(kLocalMark)) {
    return Unreadable(fmt::format("its part {} is not where it should be", name));
  }
  const std::size_t start =
      head + kLocalBytes + Number(bytes_, head + 26, 2) + Number(bytes_, head + 28, 2);
  if (start > bytes_.size() || bytes_.size() - start < member.packed_bytes) {
    return Unreadable(fmt::format("its part {} is cut off", name));
  }
  const std::string_view packed = bytes_.substr(start, member.packed_bytes);
  if (member.method == kDeflated) return Inflate(packed, limit, take);
  if (member.method != kStored) return Unreadable("it is packed in a way that is not read");
  if (packed.size() > limit) {
    return base::Error{base::ErrorCode::kTooLarge, "unpacked_too_large",
                       fmt::format("a part of the workbook has more than {} bytes", limit)};
  }
  return take(packed);
}

}  // namespace fansipan::sources::internal
