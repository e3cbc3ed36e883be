#include "sources/internal/geodata/well_known_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace fansipan::sources::internal {
namespace {

constexpr int kMaxDepth = 32;

/// A sum of places with their weights.
struct Weighted {
  double x = 0;
  double y = 0;
  double weight = 0;

  void Add(double at_x, double at_y, double with) {
    x += at_x * with;
    y += at_y * with;
    weight += with;
  }
  bool Counts() const { return std::isfinite(weight) && weight > 0; }
};

/// Of one ring, counted from its first coordinate so that small rings far from zero keep digits.
class Ring {
 public:
  void Add(double x, double y) {
    if (!begun_) {
      first_x_ = last_x_ = x;
      first_y_ = last_y_ = y;
      begun_ = true;
      return;
    }
    const double cross =
        (last_x_ - first_x_) * (y - first_y_) - (x - first_x_) * (last_y_ - first_y_);
    doubled_ += cross;
    moment_x_ += (last_x_ + x - 2 * first_x_) * cross;
    moment_y_ += (last_y_ + y - 2 * first_y_) * cross;
    last_x_ = x;
    last_y_ = y;
  }
  /// A hole takes away.
  void AddTo(Weighted& areas, bool hole) const {
    if (doubled_ == 0) return;
    const double area = std::abs(doubled_) / 2 * (hole ? -1 : 1);
    areas.Add(first_x_ + moment_x_ / (3 * doubled_), first_y_ + moment_y_ / (3 * doubled_), area);
  }

 private:
  bool begun_ = false;
  double first_x_ = 0;
  double first_y_ = 0;
  double last_x_ = 0;
  double last_y_ = 0;
  double doubled_ = 0;
  double moment_x_ = 0;
  double moment_y_ = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  ReadGeometry Run() {
    if (!ReadTagged(0)) return {};
    SkipBlanks();
    if (!text_.empty()) return {};
    return {true, Place()};
  }

 private:
  bool ReadTagged(int depth) {
    const std::string_view word = Word();
    std::string_view next = PeekWord();
    if (next == "Z" || next == "M" || next == "ZM") {
      Word();
      next = PeekWord();
    }
    const bool empty = next == "EMPTY";
    if (empty) Word();
    if (word == "GEOMETRYCOLLECTION") {
      if (depth == kMaxDepth) return false;
      return empty || ReadList([&] { return ReadTagged(depth + 1); });
    }
    if (word == "POINT" || word == "MULTIPOINT") return empty || ReadPoints();
    if (word == "LINESTRING") return empty || ReadLine();
    if (word == "MULTILINESTRING") return empty || ReadList([&] { return ReadLine(); });
    if (word == "POLYGON" || word == "TRIANGLE") return empty || ReadPolygon();
    if (word == "MULTIPOLYGON" || word == "TIN" || word == "POLYHEDRALSURFACE") {
      return empty || ReadList([&] { return ReadPolygon(); });
    }
    return false;
  }

  /// (x y, x y) or ((x y), (x y)): both are written.
  bool ReadPoints() {
    return ReadList([&] {
      if (TakeEmpty()) return true;
      SkipBlanks();
      const bool inner = Take('(');
      double x = 0;
      double y = 0;
      if (!ReadCoordinates(x, y)) return false;
      points_.Add(x, y, 1);
      return !inner || Take(')');
    });
  }

  bool ReadLine() {
    if (TakeEmpty()) return true;
    bool begun = false;
    double last_x = 0;
    double last_y = 0;
    return ReadList([&] {
      double x = 0;
      double y = 0;
      if (!ReadCoordinates(x, y)) return false;
      points_.Add(x, y, 1);
      if (begun) {
        lines_.Add((last_x + x) / 2, (last_y + y) / 2, std::hypot(x - last_x, y - last_y));
      }
      begun = true;
      last_x = x;
      last_y = y;
      return true;
    });
  }

  bool ReadPolygon() {
    if (TakeEmpty()) return true;
    bool hole = false;
    return ReadList([&] {
      if (!ReadRing(hole)) return false;
      hole = true;
      return true;
    });
  }

  bool ReadRing(bool hole) {
    if (TakeEmpty()) return true;
    Ring ring;
    const bool read = ReadList([&] {
      double x = 0;
      double y = 0;
      if (!ReadCoordinates(x, y)) return false;
      points_.Add(x, y, 1);
      ring.Add(x, y);
      return true;
    });
    ring.AddTo(areas_, hole);
    return read;
  }

  /// ( item , item )
  template <typename Item>
  bool ReadList(const Item& item) {
    if (!Take('(')) return false;
    do {
      if (!item()) return false;
    } while (Take(','));
    return Take(')');
  }

  bool ReadCoordinates(double& x, double& y) {
    if (!ReadNumber(x) || !ReadNumber(y)) return false;
    double more = 0;
    for (int i = 0; i < 2; ++i) {
      SkipBlanks();
      if (text_.empty() || text_[0] == ',' || text_[0] == ')') break;
      if (!ReadNumber(more)) return false;
    }
    Extend(x, y);
    return true;
  }

  bool ReadNumber(double& number) {
    SkipBlanks();
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (read.ec != std::errc() || !std::isfinite(number)) return false;
    text_.remove_prefix(static_cast<std::size_t>(read.ptr - text_.data()));
    return true;
  }

  void Extend(double x, double y) {
    if (!any_) box_ = {0, 0, x, y, x, y};
    any_ = true;
    box_.west = std::min(box_.west, x);
    box_.east = std::max(box_.east, x);
    box_.south = std::min(box_.south, y);
    box_.north = std::max(box_.north, y);
  }

  std::optional<GeometryPlace> Place() const {
    if (!any_) return std::nullopt;
    const Weighted& counted = areas_.Counts() ? areas_ : lines_.Counts() ? lines_ : points_;
    GeometryPlace place = box_;
    // What crosses itself may have a centroid anywhere.
    place.x = std::clamp(counted.x / counted.weight, box_.west, box_.east);
    place.y = std::clamp(counted.y / counted.weight, box_.south, box_.north);
    return place;
  }

  void SkipBlanks() {
    const std::size_t first = text_.find_first_not_of(' ');
    text_.remove_prefix(std::min(first, text_.size()));
  }

  std::string_view PeekWord() {
    SkipBlanks();
    std::size_t end = 0;
    while (end < text_.size() && text_[end] >= 'A' && text_[end] <= 'Z') ++end;
    return text_.substr(0, end);
  }

  std::string_view Word() {
    const std::string_view word = PeekWord();
    text_.remove_prefix(word.size());
    return word;
  }

  bool TakeEmpty() {
    if (PeekWord() != "EMPTY") return false;
    Word();
    return true;
  }

  bool Take(char character) {
    SkipBlanks();
    if (text_.empty() || text_[0] != character) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
  Weighted points_;
  Weighted lines_;
  Weighted areas_;
  GeometryPlace box_;
  bool any_ = false;
};

}  // namespace

ReadGeometry ReadWellKnownText(std::string_view text) { return Reader(text).Run(); }

}  // namespace fansipan::sources::internal
