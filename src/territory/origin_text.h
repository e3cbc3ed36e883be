#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fansipan::territory {

/// How much of a unit a statement names.
enum class Extent {
  kWhole,
  kPart,    ///< "một phần …"
  kRest,    ///< "phần còn lại …"
  kCarried  ///< named after a part in one enumeration, which may or may not mean it too
};
std::string_view NameOf(Extent extent);

/// One unit that a statement names.
struct Mention {
  std::string text;    ///< the unit as written, without what stands around it
  std::string within;  ///< the district or province in brackets as written; empty: none
  Extent extent = Extent::kWhole;
  bool operator==(const Mention&) const = default;
};

/// What the official text says a unit was made of.
struct OriginStatement {
  bool unchanged = false;  ///< "giữ nguyên": the unit was there before
  std::vector<Mention> mentions;
  std::vector<std::string> remarks;  ///< what else is said, such as "sau khi sắp xếp"
};

/// Reads such a text: units separated by commas, semicolons and "và", each with its extent before
/// it or in brackets behind it. A unit without a status ("các phường Cửa Nam, Điện Biên") has that
/// of the one before it. Takes any bytes; each piece is a mention or a remark.
OriginStatement ParseOrigin(std::string_view text);

}  // namespace fansipan::territory
