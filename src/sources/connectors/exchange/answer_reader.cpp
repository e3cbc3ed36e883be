#include "sources/connectors/exchange/answer_reader.h"

#include <utility>

#include "center/xml_path.h"
#include "sources/connectors/http/json_place.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/utf8.h"
#include "sources/internal/xml/xml_paths.h"
#include "sources/internal/xml/xml_reader.h"

namespace fansipan::sources {
namespace {

using center::AnswerKind;
using internal::JsonKind;
using internal::JsonReader;

base::Error NotFound(const std::string& at) {
  return {base::ErrorCode::kInvalidArgument, "records_not_found",
          "the answer has nothing at '" + at +
              "', where the ids should be; compare the declaration with what the exchange sends"};
}

base::Error WithoutId(const std::string& at) {
  return {base::ErrorCode::kInvalidArgument, "records_not_found",
          "an item of the list has no id at '" + at +
              "'; compare the declaration with what the exchange sends"};
}

base::Status CheckJson(std::string_view answer, std::uint32_t depth) {
  const auto not_json = [](const std::string& what) {
    return base::Error{base::ErrorCode::kInvalidArgument, "body_not_json",
                       "the exchange's answer is not JSON: " + what};
  };
  if (!internal::IsUtf8(answer)) return not_json("it is not UTF-8");
  if (const auto whole = internal::CheckJson(answer, depth); !whole.ok()) {
    return not_json(whole.error().message);
  }
  return {};
}

base::Result<std::vector<std::string>> ReadJsonIds(std::string_view answer, const IdPlace& place) {
  FANSIPAN_RETURN_IF_ERROR(CheckJson(answer, place.depth));
  JsonReader reader(answer, place.depth);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found,
                            EnterAt(reader, internal::PointerParts(place.ids_at)));
  if (!found) return NotFound(place.ids_at);
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  std::vector<std::string> ids;
  if (kind == JsonKind::kNull) return ids;
  if (kind != JsonKind::kArray) return NotFound(place.ids_at);
  const auto steps = internal::PointerParts(place.id_at);
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  for (bool first = true; ids.size() < place.most;) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) break;
    const std::size_t from = reader.position();
    FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
    FANSIPAN_ASSIGN_OR_RETURN(
        auto id, ScalarAt(reader.Slice(from, reader.position_after()), steps, place.depth));
    if (!id) return WithoutId(place.id_at);
    ids.push_back(*std::move(id));
  }
  return ids;
}

/// Collects what stands at one path from the root.
class PlaceWalk final : public internal::XmlConsumer {
 public:
  PlaceWalk(std::string_view answer, center::XmlPath path, bool elements, std::size_t most)
      : answer_(answer), path_(std::move(path)), elements_(elements), most_(most) {}

  base::Status Begin(const internal::XmlTag& tag) override {
    ++depth_;
    const bool next = matched_ + 1 == depth_ && matched_ < path_.elements.size();
    if (!next || !internal::Means(path_.elements[matched_], tag.name)) return {};
    ++matched_;
    if (!IsThere()) return {};
    begun_ = tag.offset;
    text_.clear();
    if (!path_.attribute) return {};
    for (const char* const* at = tag.attributes; *at != nullptr; at += 2) {
      if (internal::Means(*path_.attribute, internal::SplitName(at[0]))) Add(at[1]);
    }
    return {};
  }

  base::Status End(const internal::XmlTag& tag) override {
    if (matched_ == depth_) {
      if (IsThere() && elements_) Add(answer_.substr(begun_, tag.end - begun_));
      if (IsThere() && !elements_ && !path_.attribute) Add(Trimmed(text_));
      --matched_;
    }
    --depth_;
    return {};
  }

  void Text(std::string_view piece) override { text_.append(piece); }
  bool WantsText() const override {
    return !elements_ && !path_.attribute && IsThere() && depth_ == matched_;
  }

  std::vector<std::string> Take() { return std::move(found_); }

 private:
  bool IsThere() const { return matched_ == path_.elements.size(); }

  static std::string_view Trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t start = text.find_first_not_of(kSpace);
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(kSpace) - start + 1);
  }

  void Add(std::string_view text) {
    if (found_.size() < most_) found_.emplace_back(text);
  }

  std::string_view answer_;
  const center::XmlPath path_;
  const bool elements_;
  const std::size_t most_;
  std::size_t depth_ = 0;
  std::size_t matched_ = 0;  ///< open elements, from the root, that are on the path
  std::uint64_t begun_ = 0;
  std::string text_;
  std::vector<std::string> found_;
};

base::Result<std::vector<std::string>> ReadXmlPlaces(std::string_view answer, center::XmlPath path,
                                                     bool elements, std::size_t most,
                                                     std::uint32_t depth) {
  internal::XmlReader reader(answer, depth);
  PlaceWalk walk(answer, std::move(path), elements, most);
  FANSIPAN_RETURN_IF_ERROR(reader.Read(walk));
  return walk.Take();
}

/// How many items a list in XML has, up to the most that are taken. One in which nothing waits has
/// none; then at least the element that would hold them must be there.
base::Result<std::size_t> CountItems(std::string_view answer, const IdPlace& place) {
  FANSIPAN_ASSIGN_OR_RETURN(center::XmlPath path, center::ParseXmlRecordPath(place.ids_at, {}));
  FANSIPAN_ASSIGN_OR_RETURN(const auto items,
                            ReadXmlPlaces(answer, path, true, place.most, place.depth));
  path.elements.pop_back();
  if (!items.empty() || path.elements.empty()) return items.size();
  FANSIPAN_ASSIGN_OR_RETURN(const auto holders,
                            ReadXmlPlaces(answer, std::move(path), true, 1, place.depth));
  if (holders.empty()) return NotFound(place.ids_at);
  return std::size_t{0};
}

base::Result<std::optional<std::string>> FirstOf(base::Result<std::vector<std::string>> found) {
  if (!found.ok()) return std::move(found).error();
  if (found->empty()) return std::optional<std::string>();
  return std::optional(std::move(found->front()));
}

}  // namespace

base::Result<std::vector<std::string>> ReadIds(std::string_view answer, const IdPlace& place) {
  if (place.answer == AnswerKind::kJson) return ReadJsonIds(answer, place);
  FANSIPAN_ASSIGN_OR_RETURN(center::XmlPath path, center::ParseXmlRecordPath(place.ids_at, {}));
  if (!place.id_at.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(center::XmlPath within, center::ParseXmlColumnPath(place.id_at, {}));
    path.elements.insert(path.elements.end(), within.elements.begin(), within.elements.end());
    path.attribute = std::move(within.attribute);
  }
  FANSIPAN_ASSIGN_OR_RETURN(const std::size_t items, CountItems(answer, place));
  FANSIPAN_ASSIGN_OR_RETURN(auto ids,
                            ReadXmlPlaces(answer, std::move(path), false, place.most, place.depth));
  if (ids.size() < items) return WithoutId(place.id_at);
  return ids;
}

base::Result<std::optional<std::string>> ReadTextAt(std::string_view answer, AnswerKind kind,
                                                    const std::string& at, std::uint32_t depth) {
  if (kind == AnswerKind::kJson) {
    FANSIPAN_RETURN_IF_ERROR(CheckJson(answer, depth));
    return ScalarAt(answer, internal::PointerParts(at), depth);
  }
  FANSIPAN_ASSIGN_OR_RETURN(center::XmlPath path, center::ParseXmlRecordPath(at, {}));
  return FirstOf(ReadXmlPlaces(answer, std::move(path), false, 1, depth));
}

base::Result<std::optional<std::string>> ReadElementAt(std::string_view answer,
                                                       const std::string& at, std::uint32_t depth) {
  FANSIPAN_ASSIGN_OR_RETURN(center::XmlPath path, center::ParseXmlRecordPath(at, {}));
  return FirstOf(ReadXmlPlaces(answer, std::move(path), true, 1, depth));
}

}  // namespace fansipan::sources
