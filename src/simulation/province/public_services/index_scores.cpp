#include "simulation/province/public_services/index_scores.h"

namespace fansipan::simulation::public_services {
namespace {

bool IsFinished(const CaseRow& row) {
  return row.status == CaseStatus::kProcessed || row.status == CaseStatus::kResultReturned;
}

void CountReceived(const CaseRow& row, IndexCounts& counts) {
  ++counts.received;
  if (row.channel == Channel::kOnline) ++counts.received_online;
  if (row.digitisation != 0) ++counts.received_digitised;
}

void CountClosed(const CaseRow& row, IndexCounts& counts) {
  if (IsFinished(row)) {
    ++counts.finished;
    if (*row.closed_at <= row.due_at) ++counts.finished_on_time;
  }
  if (row.fee > 0 && row.paid_online) {
    ++counts.with_fee;
    if (*row.paid_online) ++counts.paid_online;
  }
  if (row.satisfaction) {
    ++counts.rated;
    if (*row.satisfaction >= 4) ++counts.satisfied;
  }
}

}  // namespace

double IndexPoints::Total() const {
  return transparency + progress + digitisation + online_service + online_payment + satisfaction;
}

std::map<std::string, IndexCounts> CountMonth(const std::vector<CaseRow>& newest,
                                              base::Timestamp from, base::Timestamp until) {
  std::map<std::string, IndexCounts> by_commune;
  for (const CaseRow& row : newest) {
    IndexCounts& counts = by_commune[row.commune_code];
    if (row.received_at >= from && row.received_at < until) CountReceived(row, counts);
    const bool is_open = !row.closed_at || *row.closed_at >= until;
    if (is_open && row.received_at < until && row.due_at < until) ++counts.overdue;
    if (!is_open && *row.closed_at >= from) CountClosed(row, counts);
  }
  return by_commune;
}

void Add(const IndexCounts& more, IndexCounts& sum) {
  sum.received += more.received;
  sum.received_online += more.received_online;
  sum.received_digitised += more.received_digitised;
  sum.finished += more.finished;
  sum.finished_on_time += more.finished_on_time;
  sum.overdue += more.overdue;
  sum.with_fee += more.with_fee;
  sum.paid_online += more.paid_online;
  sum.rated += more.rated;
  sum.satisfied += more.satisfied;
}

bool IsWhole(const IndexCounts& counts) {
  return counts.received > 0 && counts.finished + counts.overdue > 0 && counts.with_fee > 0 &&
         counts.rated > 0;
}

IndexPoints PointsOf(const IndexCounts& counts, double transparency) {
  return {.transparency = transparency,
          .progress = 20 * counts.finished_on_time / (counts.finished + counts.overdue),
          .digitisation = 22 * counts.received_digitised / counts.received,
          .online_service = 12 * counts.received_online / counts.received,
          .online_payment = 10 * counts.paid_online / counts.with_fee,
          .satisfaction = 18 * counts.satisfied / counts.rated};
}

}  // namespace fansipan::simulation::public_services
