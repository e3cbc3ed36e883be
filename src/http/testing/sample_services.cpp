#include "http/testing/sample_services.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "center/load.h"
#include "center/testing/pratt_parser.h"

namespace fansipan::http::testing {
namespace {

constexpr std::string_view kHeader =
    "case_number;updated_at;received_at;due_at;finished_at;"
    "commune_code;agency_code;status;channel;urgent;applicant;"
    "fee;pages";

std::vector<sources::RawRowSpan> SpansOf(std::string_view payload) {
  std::vector<sources::RawRowSpan> spans;
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < payload.size(); ++line) {
    const std::size_t end = std::min(payload.find('\n', at), payload.size());
    if (line > 1 && end > at) spans.push_back({at, end - at, line});
    at = end + 1;
  }
  return spans;
}

std::vector<std::optional<std::string_view>> Split(std::string_view line) {
  std::vector<std::optional<std::string_view>> cells;
  for (;;) {
    const std::size_t end = line.find(';');
    const std::string_view cell = line.substr(0, end);
    cells.push_back(cell.empty() ? std::nullopt : std::optional(cell));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

FigureTrial SampleTrial() {
  FigureTrial trial;
  trial.concerns_figures = true;
  trial.read_again = 2;
  trial.failed = 1;
  trial.failures = {{{7}, "desk", "mapping_failed", "mappings/case.sql: no such column"}};
  trial.rows = {{"desk", "case", 3, {{"mended", 1}}, {}, {{"unknown_place", 1}}}};
  trial.figures.compared = 2;
  trial.figures.changed = trial.figures.appeared = 1;
  trial.figures.judgements[{model::Judgement::kNotJudged, model::Judgement::kBad}] = 1;
  indicators::FigureDifference found;
  found.name = {"rate", model::TreeKind::kTerritory, "root", "2026-11"};
  found.before.no_value_reason = "no_records";
  found.after.value = model::Decimal::FromInteger(3);
  found.after.judgement = model::Judgement::kBad;
  trial.figures.largest = {found};
  return trial;
}

/// A source that sends what its mapping takes, unless it is asked of a folder.
base::Result<SourceTrial> SampleSourceTrial(const SourceTrialRequest& asked) {
  SourceTrial shown;
  shown.source = asked.source;
  if (asked.folder == "/broken") {
    shown.problems = {{"center.yaml", 1, 2, "wrong"}};
    return shown;
  }
  if (asked.folder == "/silent") {
    return base::Error{base::ErrorCode::kUnavailable, "no_connection", "nobody answers"};
  }
  shown.bytes = 7;
  shown.begins = "H1;open";
  if (asked.folder == "/unmapped") {
    shown.refusal = {base::ErrorCode::kInvalidArgument, "not_json", "it is no JSON"};
    return shown;
  }
  shown.file_name = "june.csv";
  shown.told = {{"total", "1"}};
  sources::TrialRow row{1, {0, 7, 1}, "H1;open", {{"case", {{"number", "H1"}}}}, {}};
  row.refused.push_back({"case", 1, 0, "status", "open", "unknown_value", "no such status"});
  shown.trial.emplace();
  shown.trial->counts.raw_rows = shown.trial->counts.mapped = 1;
  shown.trial->reasons["unknown_value"] = 1;
  shown.trial->rows.push_back(std::move(row));
  return shown;
}

}  // namespace

base::Result<sources::MappedDelivery> LineWorker::Map(const sources::MappingJob& job) {
  if (!job.payload.starts_with(kHeader)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "wrong_columns",
                       "the first line must be " + std::string(kHeader)};
  }
  if (job.meanwhile) job.meanwhile();
  sources::MappedDelivery mapped;
  mapped.result = std::make_shared<const std::string>(job.payload);
  sources::DatasetCandidates candidates{job.source->mappings.front().dataset, {}};
  const std::size_t width = Split(kHeader).size();
  std::uint32_t row = 0;
  for (const auto& span : SpansOf(job.payload)) {
    ++row;
    mapped.offsets.push_back(span.offset);
    const std::string_view line = std::string_view(*mapped.result).substr(span.offset, span.length);
    auto cells = Split(line);
    if (cells.size() != width) {
      mapped.refused.push_back({"", row, span.offset, "", "", "too_few_columns",
                                "the row has another number of columns"});
      continue;
    }
    candidates.rows.push_back({std::move(cells), {row}});
  }
  mapped.counts.raw_rows = row;
  mapped.counts.mapped = candidates.rows.size();
  mapped.counts.refused = mapped.refused.size();
  mapped.datasets.push_back(std::move(candidates));
  return mapped;
}

base::Result<sources::LocatedRows> LineWorker::Locate(const sources::MappingJob& job,
                                                      const std::vector<std::uint32_t>& raw_rows) {
  const auto spans = SpansOf(job.payload);
  sources::LocatedRows found;
  for (const std::uint32_t row : raw_rows) {
    if (row == 0 || row > spans.size()) {
      return base::Error{base::ErrorCode::kNotFound, "unknown_row", "there is no such row"};
    }
    found.spans.push_back(spans[row - 1]);
  }
  return found;
}

std::optional<sources::Ledger::Current> PlainLedger::FindCurrent(const model::Version& version) {
  const auto current = engine_->FindCurrent(version);
  if (!current) return std::nullopt;
  return Current{current->place.delivery, current->place.revision, current->withdrawn};
}

SampleServices::SampleServices(center::testing::Files files) {
  const center::testing::PrattParser parser;
  auto outcome = center::LoadCenterFiles(std::move(files), parser);
  EXPECT_TRUE(outcome.problems.empty());
  center = outcome.center;
  engine = indicators::Engine::Create(center).value();
  ledger = std::make_unique<PlainLedger>(engine);
  EXPECT_TRUE(facts.Declare(center->datasets).ok());
  sources::Committer::Parts parts;
  parts.journal = journal.get();
  parts.ledger = ledger.get();
  parts.clock = &access.clock;
  parts.metrics = &metrics;
  parts.on_published = [this](const store::JournalEnd&) {
    const std::lock_guard lock(published_mutex_);
    if (on_published_) on_published_();
  };
  committer =
      std::make_unique<sources::Committer>(std::move(parts), sources::Committer::Settings{});
  committer->Start();
  committer->TickNow();
  sources::Intake::Parts intake_parts;
  intake_parts.archive = &archive;
  intake_parts.facts = &facts;
  intake_parts.worker = &worker;
  intake_parts.committer = committer.get();
  intake_parts.clock = &access.clock;
  intake_parts.metrics = &metrics;
  intake_parts.center = [this] { return center; };
  intake_parts.wait_for_facts = [this](model::Sequence) { return FollowJournal(); };
  intake = std::make_unique<sources::Intake>(std::move(intake_parts));
  access.SignInAdministrator();
  access.AddAccount("lan", security::Role::kViewer);
  push_token = access.access->source_tokens()
                   .Create(security::LocalOperator(), "case_system", "test")
                   .value()
                   .token;
  running_ = std::make_shared<RunningCenter>();
  running_->engine = [this] { return engine; };
  using EnginePointer = std::shared_ptr<const indicators::Engine>;
  running_->engine_at = [this](base::Timestamp,
                               const base::Patience&) -> base::Result<EnginePointer> {
    return EnginePointer(engine);
  };
  running_->eras = [this](const base::Patience&) -> base::Result<std::vector<indicators::Era>> {
    const auto open = [this]() -> base::Result<EnginePointer> { return EnginePointer(engine); };
    return std::vector<indicators::Era>{{base::Timestamp::min(), open}};
  };
  running_->intake = intake.get();
  running_->facts = &facts;
  running_->archive = &archive;
  running_->worker = &worker;
  running_->wait_for_facts = [this](model::Sequence, const base::Patience& patience) {
    const base::Status status = before_facts ? before_facts(patience) : base::Status();
    return status.ok() ? FollowJournal() : status;
  };
  running_->intake_refusal = [] { return std::string(); };
  AddTrials();
  AddMending();
  running_->verify = []() -> base::Result<VerificationOutcome> {
    return VerificationOutcome{1, 1, 7, 3, 20, 12, 2, {{"case 1", "3", "4"}}};
  };
}

void SampleServices::AddTrials() {
  running_->plan = [this](const std::string& folder) -> base::Result<ApplyOutcome> {
    if (folder == "/broken") return ApplyOutcome{"", "", {}, {{"center.yaml", 1, 2, "wrong"}}};
    return ApplyOutcome{center->revision, center->revision, {}, {}};
  };
  running_->apply = running_->plan;
  running_->try_figures = [](const auto&, auto, const auto&) {
    return base::Result<FigureTrial>(SampleTrial());
  };
  running_->try_source = [this](const SourceTrialRequest& asked, const base::Patience& patience) {
    const base::Status status = before_trial ? before_trial(patience) : base::Status();
    return status.ok() ? SampleSourceTrial(asked) : base::Result<SourceTrial>(status.error());
  };
}

void SampleServices::AddMending() {
  replays = std::make_unique<sources::ReplayRuns>(
      sources::ReplayRuns::Parts{intake.get(), &facts, &access.clock});
  running_->replays = replays.get();
  // The worker of these tests knows no SQL: the center is the same whatever the text.
  running_->with_file = [this](const std::string&, const std::string& text) {
    if (!text.empty()) return center::LoadOutcome{center, {}, 0};
    return center::LoadOutcome{nullptr, {{"case.sql", 1, 1, "the mapping is empty"}}, 0};
  };
}

SampleServices::~SampleServices() {
  replays->End();
  committer->Stop();
}

Services SampleServices::services() {
  Services services;
  services.center = [this]() -> std::shared_ptr<const RunningCenter> {
    return loaded ? running_ : nullptr;
  };
  services.access = access.access.get();
  services.metrics = &metrics;
  services.clock = &access.clock;
  services.random = &access.random;
  services.program_version = "0.1.0";
  services.started_at = access.clock.Now();
  return services;
}

base::Status SampleServices::FollowJournal() {
  const std::lock_guard lock(follow_mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t applied, facts.AppliedThrough());
  std::vector<store::JournalEntry> entries;
  FANSIPAN_RETURN_IF_ERROR(
      journal->Read(applied + 1, [&](const store::JournalEntry& entry) -> base::Status {
        entries.push_back(entry);
        return {};
      }));
  if (entries.empty()) return {};
  return facts.Append(entries);
}

std::string SampleServices::CaseLine(const std::string& number, const std::string& updated_at,
                                     const std::string& finished_at, const std::string& fee) {
  return number + ";" + updated_at + ";2026-06-01T01:00:00Z;2026-06-20T01:00:00Z;" + finished_at +
         ";02647;000.00.15.H38;" + (finished_at.empty() ? "open" : "done") +
         ";online;;=Trần Văn A;" + fee + ";3";
}

std::string SampleServices::Payload(const std::vector<std::string>& lines) {
  std::string payload(kHeader);
  payload += '\n';
  for (const std::string& line : lines) payload += line + "\n";
  return payload;
}

model::Sequence SampleServices::DeliverSample() {
  sources::Submission submission;
  submission.source = "case_system";
  submission.received_at = access.clock.Now();
  submission.payload =
      Payload({CaseLine("H1", "2026-06-02T00:00:00Z"),
               CaseLine("H1", "2026-06-15T00:00:00Z", "2026-06-15T00:00:00Z", "12.50"),
               CaseLine("H2", "2026-06-25T00:00:00Z", "2026-06-25T00:00:00Z", "7"),
               CaseLine("H3", "2026-06-03T00:00:00Z"), CaseLine("H4", "no moment"), "too;few"});
  const auto report = intake->Deliver(std::move(submission));
  EXPECT_TRUE(report.ok()) << report.error().message;
  committer->TickNow();  // what was acknowledged is published now
  return report.ok() ? report->delivery.sequence : model::Sequence{};
}

void SampleServices::Advance(base::Duration step) {
  access.clock.Advance(step);
  committer->TickNow();
}

void SampleServices::SetOnPublished(std::function<void()> on_published) {
  const std::lock_guard lock(published_mutex_);
  on_published_ = std::move(on_published);
}

std::string SampleServices::ViewerCookie() {
  return "fansipan=" + access.SignInAs("lan").value().token;
}

std::string SampleServices::AdministratorCookie() {
  return "fansipan=" + access.SignInAs("quanly").value().token;
}

Response Ask(const Application& application, Request request) {
  Exchange exchange;
  exchange.request = std::move(request);
  application.Begin(exchange);
  if (!exchange.answer) application.Handle(exchange);
  return application.Seal(exchange);
}

Request Get(const std::string& target) {
  Request request;
  request.target = target;
  request.remote_address = "192.0.2.7";
  request.fields.Add("Host", "localhost:8080");
  return request;
}

}  // namespace fansipan::http::testing
