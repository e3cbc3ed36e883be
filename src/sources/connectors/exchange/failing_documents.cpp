#include "sources/connectors/exchange/failing_documents.h"

#include <algorithm>

#include "model/value.h"

namespace fansipan::sources {
namespace {

constexpr base::Duration kLongest = std::chrono::hours(1);
constexpr std::uint32_t kMaxDoublings = 20;

}  // namespace

void FailingDocuments::Note(const std::string& id, const base::Error& error, base::Timestamp now) {
  if (documents_.size() >= kMost && !documents_.contains(id)) return;
  auto& failing = documents_.try_emplace(id, Failing{.error = error}).first->second;
  base::Duration distance = first_;
  const std::uint32_t doublings = std::min(failing.failures, kMaxDoublings);
  for (std::uint32_t i = 0; i < doublings && distance < kLongest; ++i) distance *= 2;
  ++failing.failures;
  failing.error = error;
  failing.not_before = now + std::min(distance, std::max(first_, kLongest));
}

void FailingDocuments::KeepOnly(const std::set<std::string>& waiting) {
  std::erase_if(documents_, [&](const auto& failing) { return !waiting.contains(failing.first); });
}

std::optional<base::Error> FailingDocuments::SetBack(const std::string& id,
                                                     base::Timestamp now) const {
  const auto found = documents_.find(id);
  if (found == documents_.end() || found->second.not_before <= now) return std::nullopt;
  const Failing& failing = found->second;
  base::Error error = failing.error;
  error.message += " (failed " + std::to_string(failing.failures) + " times; tried again from " +
                   model::ToText(model::Value(failing.not_before)) + ")";
  return error;
}

}  // namespace fansipan::sources
