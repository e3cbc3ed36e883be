#include "sources/process_mapping_worker.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace fansipan::sources {
namespace {

using std::chrono::sys_days;

/// A center with the dataset `case` (number, moment, note) fed by one CSV source.
class ProcessWorker : public testing::Test {
 protected:
  void SetUp() override {
    worker_ = std::make_unique<ProcessMappingWorker>(
        ProcessMappingWorker::Options{.program = SOURCES_WORKER_PROBE, .processes = 2});
    model::Dataset dataset;
    dataset.name = "case";
    dataset.columns = {{.name = "number"}, {.name = "moment"}, {.name = "note", .optional = true}};
    center_.datasets.push_back(dataset);
    center_.time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    source_.name = "cases";
    source_.limits.worker_memory_bytes = 256ULL << 20U;
    source_.limits.worker_seconds = 60;
  }

  base::Result<MappedDelivery> Map(const std::string& sql, std::string payload = kPayload) {
    source_.mappings = {{.dataset = "case", .file = "systems/x/case.sql", .sql = sql}};
    center_.revision = revision_ + sql + source_.skip_rows;
    return worker_->Map(JobOf(std::move(payload)));
  }

  MappingJob JobOf(std::string payload) {
    return {.source = &source_,
            .center = &center_,
            .payload = std::move(payload),
            .received_at = received_at_,
            .meanwhile = meanwhile_};
  }

  std::string ReasonOf(const std::string& sql) {
    const auto mapped = Map(sql);
    return mapped.ok() ? "" : mapped.error().reason;
  }

  static constexpr const char* kPayload = "a,b\nK1,x\nK2,\nbad\nK3,z\n";
  std::unique_ptr<ProcessMappingWorker> worker_;
  center::Center center_;
  center::Source source_;
  std::string revision_ = "first";
  base::Timestamp received_at_ = sys_days(std::chrono::year(2026) / 11 / 23) +
                                 std::chrono::hours(20) + std::chrono::microseconds(5);
  std::function<void()> meanwhile_;
};

/// Process ids of what this process has started.
std::vector<pid_t> Children() {
  std::vector<pid_t> children;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

/// Children of the fork server: those kept ahead, and those that have served.
std::vector<pid_t> ChildrenOfTheForkServer() {
  const std::string server = std::to_string(Children().at(0));
  std::ifstream file("/proc/" + server + "/task/" + server + "/children");
  std::vector<pid_t> workers;
  for (pid_t child = 0; file >> child;) workers.push_back(child);
  return workers;
}

/// The same once there are as many as are kept ahead, two, and `served` more.
std::vector<pid_t> WorkersOnceThereAre(std::size_t served) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::vector<pid_t> workers = ChildrenOfTheForkServer();
  while (workers.size() != served + 2 && std::chrono::steady_clock::now() < patience) {
    std::this_thread::yield();
    workers = ChildrenOfTheForkServer();
  }
  EXPECT_EQ(workers.size(), served + 2);
  return workers;
}

TEST_F(ProcessWorker, MapsRawRowsByColumnName) {
  const auto mapped =
      Map("SELECT b AS note, a AS \"Number\", '2026-01-01' AS moment, _row FROM raw "
          "WHERE a <> 'K3' ORDER BY _row; -- the last row stays out");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  ASSERT_EQ(mapped->datasets.size(), 1U);
  ASSERT_EQ(mapped->datasets[0].rows.size(), 2U);
  const Candidate& first = mapped->datasets[0].rows[0];
  EXPECT_EQ(first.texts, (std::vector<std::optional<std::string_view>>{"K1", "2026-01-01", "x"}));
  EXPECT_EQ(first.raw_rows, (std::vector<std::uint32_t>{1}));
  EXPECT_FALSE(mapped->datasets[0].rows[1].texts[2].has_value());
  EXPECT_EQ(mapped->counts.raw_rows, 4U);
  EXPECT_EQ(mapped->counts.mapped, 2U);
  EXPECT_EQ(mapped->counts.skipped, 1U);
  EXPECT_EQ(mapped->counts.refused, 1U);
  EXPECT_EQ(mapped->refused[0].raw_row, 3U);
  EXPECT_EQ(mapped->offsets, (std::vector<std::uint64_t>{4, 9, 13, 17}));
}

/// A file as an office without Unicode writes it: TCVN3, a title, decimal commas, a footer.
TEST_F(ProcessWorker, ReadsALegacyFileWithTitlesAndFooterByDeclaration) {
  source_.encoding = center::Encoding::kTcvn3;
  source_.csv.delimiter = ';';
  source_.csv.header_has = "M\u00E3 s\u1ED1";
  source_.csv.ends_at = "T\u1ED5ng";
  const std::string payload =
      "\"S\xEB N\xE9i v\xF4;;\r\nTh\xB8ng 3;;\r\n"         // two lines of title
      "M\xB7 s\xE8;Ng\xB5y;Ph\xDD\r\n"                     // Mã số;Ngày;Phí
      "\xA7\x31;05/03/2025;1.234,5\r\n"                    // Đ1
      "\xA7\x32;ng\xB5y 6 th\xB8ng 3 n\xA8m 2025;1.5\r\n"  // no number with a decimal comma
      "\xA7\x33;45000;\x81\r\n"                            // a byte without meaning
      "T\xE6ng;;1\r\n\"";                                  // footer
  const auto mapped =
      Map("SELECT \"Mã số\" AS number, date_of(\"Ngày\", 'dmy') AS moment, "
          "scaled(number_of(\"Phí\", ','), 3) AS note, _row FROM raw",
          payload);
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  ASSERT_EQ(mapped->datasets[0].rows.size(), 2U);
  EXPECT_EQ(mapped->datasets[0].rows[0].texts,
            (std::vector<std::optional<std::string_view>>{"Đ1", "2025-03-05", "1234500"}));
  EXPECT_EQ(mapped->datasets[0].rows[1].texts[1], "2025-03-06");
  EXPECT_EQ(mapped->datasets[0].rows[1].texts[2], "\x1A,1.5") << "set aside by validation";
  EXPECT_EQ(mapped->counts.refused, 1U);
  EXPECT_EQ(mapped->refused[0].reason, "wrong_encoding");
  EXPECT_EQ(mapped->refused[0].byte_offset, payload.find("\xA7\x33"));
  EXPECT_EQ(mapped->offsets[1], payload.find("\xA7\x32"));
  const auto spans = worker_->Locate(JobOf(payload), {2});
  ASSERT_TRUE(spans.ok());
  EXPECT_EQ(ReadableText(payload, spans->spans[0], source_), "Đ2;ngày 6 tháng 3 năm 2025;1.5");
  EXPECT_EQ(spans->spans[0].line, 5U);
}

TEST_F(ProcessWorker, ReadsNumbersAndDatesAndKeepsMissingOnesMissing) {
  const auto mapped =
      Map("SELECT number_of(a, '.') AS number, moment_of_serial(b, 1904) AS moment, "
          "date_of_serial(NULL, 1900) AS note, _row FROM raw",
          "a,b\n\"1,000\",0.25\n2,\n");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  using Texts = std::vector<std::optional<std::string_view>>;
  EXPECT_EQ(mapped->datasets[0].rows[0].texts,
            (Texts{"1000", "1904-01-01T06:00:00", std::nullopt}));
  EXPECT_EQ(mapped->datasets[0].rows[1].texts, (Texts{"2", std::nullopt, std::nullopt}));
  EXPECT_EQ(ReasonOf("SELECT number_of(a, ';') AS number, 'm' AS moment, _row FROM raw"),
            "mapping_failed");
  EXPECT_EQ(ReasonOf("SELECT date_of(a, 'dym') AS number, 'm' AS moment, _row FROM raw"),
            "mapping_failed");
}

TEST_F(ProcessWorker, KeepsTheOrderThatTheMappingGives) {
  const auto mapped = Map("SELECT a AS number, 'm' AS moment, _row FROM raw ORDER BY a DESC");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(mapped->datasets[0].rows[0].texts[0], "K3");
  EXPECT_EQ(mapped->datasets[0].rows[2].texts[0], "K1");
}

TEST_F(ProcessWorker, LeavesOutRowsByDeclaration) {
  source_.skip_rows = "b IS NULL OR b = 'x'";
  const auto mapped = Map("SELECT a AS number, 'm' AS moment, _row FROM raw");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(mapped->datasets[0].rows.size(), 1U);
  EXPECT_EQ(mapped->counts.skipped, 2U);
  source_.skip_rows = "b IS NOT NULL AND a <> 'K3'";
  EXPECT_TRUE(Map("SELECT a AS number, 'm' AS moment, _row FROM raw "
                  "WHERE CASE WHEN b = 'x' THEN error('left out') ELSE true END")
                  .ok())
      << "what is left out meets no condition of the mapping";
  source_.skip_rows = "random() < 2";
  EXPECT_EQ(ReasonOf("SELECT a AS number, 'm' AS moment, _row FROM raw"), "mapping_failed");
}

TEST_F(ProcessWorker, LetsARowComeFromSeveralRawRows) {
  const auto mapped =
      Map("SELECT 'all' AS number, 'm' AS moment, list(_row ORDER BY _row DESC) AS _rows FROM raw");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(mapped->datasets[0].rows[0].raw_rows, (std::vector<std::uint32_t>{1, 2, 4}));
  EXPECT_EQ(mapped->counts.mapped, 3U);
}

TEST_F(ProcessWorker, TakesNowForTheMomentOfReceipt) {
  const auto mapped = Map(
      "SELECT now() AS number, current_date AS moment, concat_ws('|', current_timestamp = now(), "
      "get_current_timestamp() = received_at(), localtimestamp, today()) AS note, _row FROM raw "
      "WHERE _row = 1");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  const Candidate& row = mapped->datasets[0].rows[0];
  EXPECT_EQ(row.texts[0], "2026-11-23T20:00:00.000005Z");
  EXPECT_EQ(row.texts[1], "2026-11-24");
  EXPECT_EQ(row.texts[2], "true|true|2026-11-24 03:00:00.000005|2026-11-24");
}

TEST_F(ProcessWorker, KeepsItsStatementsReadyWhileTheColumnsStay) {
  const std::string sql = "SELECT a AS number, now() AS moment, b AS note, _row FROM raw";
  const auto texts = [&](const std::string& payload) {
    const auto mapped = Map(sql, payload);
    EXPECT_TRUE(mapped.ok()) << mapped.error().message;
    std::string all;
    for (const Candidate& row : mapped->datasets[0].rows) {
      for (const auto& text : row.texts) all += std::string(text.value_or("-")) + " ";
    }
    return all;
  };
  EXPECT_EQ(texts("a,b\nK1,x\n"), "K1 2026-11-23T20:00:00.000005Z x ");
  const std::vector<pid_t> first = WorkersOnceThereAre(1);
  received_at_ += std::chrono::seconds(1);
  EXPECT_EQ(texts("a,b\nK2,\nK3,z\n"),
            "K2 2026-11-23T20:00:01.000005Z - K3 2026-11-23T20:00:01.000005Z z ");
  EXPECT_EQ(texts("c,b,a\n1,y,K4\n"), "K4 2026-11-23T20:00:01.000005Z y ");
  EXPECT_EQ(texts("a,b\n"), "");
  EXPECT_EQ(texts("a,b\nK5,x\n"), "K5 2026-11-23T20:00:01.000005Z x ");
  EXPECT_EQ(WorkersOnceThereAre(1), first) << "all by one process";
}

TEST_F(ProcessWorker, LeavesRowsOutOfEachDelivery) {
  source_.skip_rows = "b = 'x'";
  const std::string sql = "SELECT a AS number, 'm' AS moment, _row FROM raw";
  for (const std::size_t left : {1U, 2U, 1U}) {
    std::string payload = "a,b\nK1,x\n";
    for (std::size_t i = 0; i < left; ++i) payload += "K" + std::to_string(i + 2) + ",y\n";
    const auto mapped = Map(sql, payload);
    ASSERT_TRUE(mapped.ok()) << mapped.error().message;
    EXPECT_EQ(mapped->datasets[0].rows.size(), left);
    EXPECT_EQ(mapped->counts.skipped, 1U);
  }
}

TEST_F(ProcessWorker, LetsTheCallerDoSomethingMeanwhile) {
  int called = 0;
  meanwhile_ = [&] { ++called; };
  ASSERT_TRUE(Map("SELECT a AS number, 'm' AS moment, _row FROM raw").ok());
  EXPECT_EQ(called, 1);
}

TEST_F(ProcessWorker, WritesValuesCanonically) {
  const auto mapped =
      Map("SELECT CAST('2026-01-02 03:04:05.5' AS TIMESTAMP) AS number, "
          "CAST('2026-01-02 03:04:05+07' AS TIMESTAMPTZ) AS moment, "
          "concat_ws('|', CAST(1.50 AS DECIMAL(9,3)), true, 0.1::DOUBLE, "
          "('{\"k\":[7]}'::JSON)->>'$.k[0]') "
          "AS note, _row FROM raw WHERE _row = 1");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  const Candidate& row = mapped->datasets[0].rows[0];
  EXPECT_EQ(row.texts[0], "2026-01-02T03:04:05.5");
  EXPECT_EQ(row.texts[1], "2026-01-01T20:04:05Z");
  EXPECT_EQ(row.texts[2], "1.500|true|0.1|7");
}

TEST_F(ProcessWorker, RefusesMappingsWhoseResultDoesNotFitTheDataset) {
  EXPECT_EQ(ReasonOf("SELECT a AS number, _row FROM raw"), "mapping_failed");
  EXPECT_EQ(ReasonOf("SELECT a AS number, b AS moment, 1 AS extra, _row FROM raw"),
            "mapping_failed");
  EXPECT_EQ(ReasonOf("SELECT a AS number, b AS moment FROM raw"), "mapping_failed");
  EXPECT_EQ(ReasonOf("SELECT a AS number, b AS moment, 9 AS _row FROM raw"), "mapping_failed");
  EXPECT_EQ(ReasonOf("SELECT a AS number, b AS moment, 3 AS _row FROM raw"), "mapping_failed");
  EXPECT_EQ(ReasonOf("SELECT a AS number, b AS moment, NULL AS _row FROM raw"), "mapping_failed");
  const auto mapped = Map("SELECT a AS number, CAST(a AS INTEGER) AS moment, _row FROM raw");
  ASSERT_FALSE(mapped.ok());
  EXPECT_EQ(mapped.error().reason, "mapping_failed");
  EXPECT_NE(mapped.error().message.find("systems/x/case.sql"), std::string::npos);
}

TEST_F(ProcessWorker, RefusesStatementsThatAreNotOneHonestSelect) {
  const std::string tail = " AS number, b AS moment, _row FROM raw";
  for (const std::string& sql :
       std::vector<std::string>{"SELECT random()" + tail,
                                "SELECT uuid()" + tail,
                                "SELECT system.main.now()" + tail,
                                "SELECT age(TIMESTAMP '2020-01-01')" + tail,
                                "SELECT current_setting('threads')" + tail,
                                "SELECT current_user" + tail,
                                "SELECT getenv('PATH')" + tail,
                                "SELECT a" + tail + " USING SAMPLE 1",
                                "SELECT a" + tail + "; SELECT 1",
                                "SELECT (SELECT content FROM read_text('/etc/passwd'))" + tail,
                                "SELECT (SELECT 1 FROM '/etc/passwd')" + tail,
                                "SELECT (SELECT count(*) FROM duckdb_settings())" + tail,
                                "SELECT (SELECT count(*) FROM information_schema.tables)" + tail,
                                "COPY raw TO '/tmp/fansipan_copy'",
                                "ATTACH '/tmp/fansipan_attach'",
                                "INSTALL httpfs",
                                "PRAGMA version",
                                "SET threads = 2",
                                "DROP TABLE raw",
                                "SELECT",
                                ""}) {
    EXPECT_EQ(ReasonOf(sql), "mapping_failed") << sql;
  }
}

TEST_F(ProcessWorker, ReadsXmlInsideItsSandbox) {
  source_.format = center::Format::kXml;
  source_.xml.records_at = "/l/c";
  source_.xml.columns = {{"a", "a"}, {"b", "b/@k"}};
  const std::string sql = "SELECT a AS number, b AS moment, _row FROM raw";
  const auto mapped = Map(sql,
                          "<?xml version='1.0' encoding='windows-1258'?><l><c><a>Vi\xEA\xF2t</a>"
                          "<b k='m'/></c></l>");
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(mapped->datasets[0].rows[0].texts[0], "Việt");
  EXPECT_EQ(Map(sql, "<!DOCTYPE l><l/>").error().reason, "has_doctype");
  const auto spans = worker_->Locate(JobOf("<l> <c/></l>"), {1});
  ASSERT_TRUE(spans.ok()) << spans.error().message;
  EXPECT_EQ(spans->spans[0].offset, 4U);
}

TEST_F(ProcessWorker, HandsBackAPayloadWithoutBodies) {
  const auto kept =
      worker_->DropBodies(JobOf("<a><ContentTransferEncoded>TWFu</ContentTransferEncoded></a>"));
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(kept->find("TWFu"), std::string::npos);
  EXPECT_NE(kept->find("bytes=\"3\""), std::string::npos);
  EXPECT_EQ(worker_->DropBodies(JobOf("<a>")).error().reason, "cut_off");
  EXPECT_TRUE(Map("SELECT a AS number, 'm' AS moment, _row FROM raw").ok()) << "it maps after it";
}

TEST_F(ProcessWorker, PassesDecodingErrorsOn) {
  const auto mapped = Map("SELECT 1", "a,b\n\"1,2\n");
  ASSERT_FALSE(mapped.ok());
  EXPECT_EQ(mapped.error().reason, "cut_off");
}

TEST_F(ProcessWorker, KillsARunawayMappingAtItsDeadline) {
  source_.limits.worker_seconds = 2;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(
      ReasonOf("SELECT count(*) AS number, 'm' AS moment, 1 AS _row FROM range(1000000000000)"),
      "worker_deadline");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));
  source_.limits.worker_seconds = 60;
  EXPECT_TRUE(Map("SELECT a AS number, 'm' AS moment, _row FROM raw").ok()) << "the next one works";
}

TEST_F(ProcessWorker, StopsAMappingThatTakesTooMuchMemory) {
  EXPECT_EQ(
      ReasonOf("SELECT length(repeat('x', 4000000000)) AS number, a AS moment, _row FROM raw"),
      "worker_out_of_memory");
  EXPECT_EQ(ReasonOf("SELECT len(range(500000000)) AS number, a AS moment, _row FROM raw"),
            "worker_out_of_memory");
  EXPECT_TRUE(Map("SELECT a AS number, 'm' AS moment, _row FROM raw").ok()) << "the next one works";
}

TEST_F(ProcessWorker, FindsRawRowsInThePayload) {
  const auto spans = worker_->Locate(JobOf(kPayload), {4, 3});
  ASSERT_TRUE(spans.ok()) << spans.error().message;
  EXPECT_EQ(std::string(kPayload).substr(spans->spans[0].offset, spans->spans[0].length), "K3,z");
  EXPECT_EQ(spans->spans[1].line, 4U);
  EXPECT_EQ(worker_->Locate(JobOf(kPayload), {5}).error().code, base::ErrorCode::kNotFound);
}

TEST_F(ProcessWorker, ServesSeveralThreads) {
  source_.mappings = {
      {.dataset = "case", .file = "f", .sql = "SELECT a AS number, b AS moment, _row FROM raw"}};
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto mapped = worker_->Map(JobOf(kPayload));
      if (mapped.ok() && mapped->counts.mapped == 3) ++right;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right.load(), 4);
}

TEST_F(ProcessWorker, GoesOnWhenTheForkServerHasDied) {
  const std::string sql = "SELECT a AS number, 'm' AS moment, _row FROM raw";
  ASSERT_TRUE(Map(sql).ok());
  const std::vector<pid_t> servers = Children();
  ASSERT_EQ(servers.size(), 1U) << "children are the fork server's, not ours";
  ASSERT_EQ(kill(servers[0], SIGKILL), 0);
  // A delivery that its child was killed under is refused; nothing hangs.
  bool works = false;
  for (int i = 0; i < 5 && !works; ++i) works = Map(sql).ok();
  EXPECT_TRUE(works);
}

TEST_F(ProcessWorker, KeepsNothingOfAnotherDelivery) {
  const std::string sql =
      "SELECT CAST(count(*) AS VARCHAR) AS number, CAST(now() AS VARCHAR) AS moment, "
      "list(_row) AS _rows FROM raw";
  for (const bool skips : {false, true}) {
    source_.skip_rows = skips ? "a = 'nobody'" : "";
    center_.revision = skips ? "with" : "without";
    for (const std::string rows : {"K1,x\n", "K1,x\nK2,y\n", ""}) {
      const auto mapped = Map(sql, "a,b\n" + rows);
      ASSERT_EQ(mapped.ok(), !rows.empty());
      if (!mapped.ok()) continue;  // no row to come from, and the end of its process
      EXPECT_EQ(mapped->datasets[0].rows[0].texts[0], std::to_string(rows.size() / 5));
    }
  }
}

TEST_F(ProcessWorker, ServesASourceWithOneProcessUntilADeliveryFails) {
  const std::string good = "SELECT a AS number, 'm' AS moment, _row FROM raw";
  ASSERT_TRUE(Map(good).ok());
  const std::vector<pid_t> first = WorkersOnceThereAre(1);
  ASSERT_TRUE(Map(good).ok());
  EXPECT_EQ(WorkersOnceThereAre(1), first) << "nothing was forked";
  source_.name = "another";
  ASSERT_TRUE(Map(good).ok());
  WorkersOnceThereAre(2);
  EXPECT_FALSE(Map(good, "a,a\n1,2\n").ok());
  EXPECT_NE(WorkersOnceThereAre(1), first) << "what failed is used no more";
  source_.name = "cases";
  revision_ = "later";
  ASSERT_TRUE(Map(good).ok());
  WorkersOnceThereAre(2);
}

TEST_F(ProcessWorker, SaysWhenTheProgramIsMissing) {
  ProcessMappingWorker missing({.program = "/nonexistent/fansipan"});
  const auto mapped = missing.Map(JobOf(kPayload));
  ASSERT_FALSE(mapped.ok());
  EXPECT_EQ(mapped.error().code, base::ErrorCode::kUnavailable);
}

/// Exit status of `sources_worker_probe <mode> <what>`.
int Probe(const std::string& mode, const std::string& what) {
  const std::string command = std::string(SOURCES_WORKER_PROBE) + " " + mode + " " + what;
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Sandbox, RefusesFilesSocketsProcessesAndSignals) {
  for (const std::string what :
       {"read_file", "write_file", "socket", "fork", "execute", "signal_parent", "thread"}) {
    EXPECT_EQ(Probe("attempt", what), 0) << what;
  }
}

TEST(Sandbox, IsWhatRefusesThem) {
  for (const std::string what : {"read_file", "socket", "fork", "signal_parent"}) {
    EXPECT_EQ(Probe("unbound", what), 1) << what;
  }
}

}  // namespace
}  // namespace fansipan::sources
