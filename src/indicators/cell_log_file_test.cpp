#include "indicators/cell_log_file.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"
#include "indicators/figures.h"
#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using testing::At;
using testing::PermitOffice;

const FileIdentity kIdentity{"office-1", {1, 2}};
constexpr store::JournalEnd kFarEnd{100, {1'000}, base::Timestamp::max()};

CellLogBounds Bounds() { return {{0, 1}, 5, 5, 0, 0}; }

CellLogBlock MakeBlock(std::int64_t second, std::uint64_t sequence, Cause cause = Cause::kNew) {
  CellLogBlock block;
  block.at = base::Timestamp(std::chrono::seconds(second));
  block.sequence = {sequence};
  Delta delta;
  delta.cell = {1, model::UnitId{2}, model::kNoUnit, -7, 0};
  delta.measure = 1;
  delta.cause = cause;
  delta.value = 1;
  delta.count = -3;
  block.deltas = {delta};
  delta.value = 0;
  delta.sum = -(static_cast<model::Int128>(1) << 90U);
  delta.cell.leaf = 20'000;
  block.deltas.push_back(delta);
  return block;
}

bool Same(const Delta& left, const Delta& right) {
  return left.cell == right.cell && left.measure == right.measure && left.cause == right.cause &&
         left.value == right.value && left.count == right.count && left.sum == right.sum;
}

std::shared_ptr<const CellLayout> MakeLayout() {
  CellLayout layout;
  layout.Add(0, CellLayout::Keeps::kCount);
  layout.Add(1, CellLayout::Keeps::kSum);
  return std::make_shared<const CellLayout>(std::move(layout));
}

model::UnitTree MakeTree(model::TreeKind kind) {
  std::vector<model::Unit> units(5);
  for (std::size_t i = 0; i < units.size(); ++i) {
    units[i].code = std::to_string(i);
    if (i > 0) units[i].parent = {0};
  }
  return model::UnitTree::Build(kind, std::move(units), {}).value();
}

/// A file with three blocks, the second of the clock, and a seal behind the second.
class CellLogFileTest : public ::testing::Test {
 protected:
  CellLogFileTest() {
    values_.IdOf({std::string("a value")});
    tuples_.IdOf({model::Decimal(150, 2), true, model::Date(std::chrono::days(-4)), std::int64_t{9},
                  base::Timestamp(base::Duration(5)), model::Value()});
    auto file = CellLogFile::Create(files_, path_, kIdentity).value();
    file->AddRows(CellLogTable::kValues, values_);
    file->AddRows(CellLogTable::kTuples, tuples_);
    EXPECT_TRUE(file->Add(MakeBlock(10, 4)).ok());
    EXPECT_TRUE(file->Add(MakeBlock(20, 4, Cause::kClock)).ok());
    cells_ = Empty();
    for (const Delta& delta : MakeBlock(10, 4).deltas) cells_.Apply(delta);
    for (const Delta& delta : MakeBlock(20, 4).deltas) cells_.Apply(delta);
    EXPECT_TRUE(file->AddSeal(2, cells_).ok());
    EXPECT_TRUE(file->Add(MakeBlock(30, 9)).ok());
    EXPECT_TRUE(file->Write().ok());
    EXPECT_TRUE(file->Sync().ok());
  }

  base::Result<LoadedCellLog> Load(const store::JournalEnd& end = kFarEnd) {
    cells_ = Empty();
    return LoadCellLog(files_, path_, kIdentity, Bounds(), end, cells_);
  }
  Cells Empty() const { return {territory_, organisation_, layout_}; }
  std::int64_t Count(std::uint32_t unit) const {
    return cells_.Read(1, 1, {model::TreeKind::kTerritory, {unit}, -100, 30'000, {}}).count;
  }
  static std::vector<CellLogBlock> Blocks(const LoadedCellLog& log) {
    std::vector<CellLogBlock> blocks;
    CellLogBounds bounds = Bounds();
    bounds.values = log.values.size();
    bounds.tuples = log.tuples.size();
    const auto read =
        log.reader->ReadBlocks(log.blocks.front().position(), log.blocks.size(), bounds,
                               [&](const CellLogBlock& block) { blocks.push_back(block); });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return blocks;
  }
  std::string Bytes() { return files_.ReadWhole(path_, 1'000'000).value(); }
  void Replace(const std::string& bytes) {
    ASSERT_TRUE(files_.Remove(path_).ok());
    ASSERT_TRUE(files_.OpenForAppend(path_).value()->Append(bytes).ok());
  }
  /// The header and one frame with a right checksum.
  void ReplaceByFrame(FrameKind kind, const std::string& payload) {
    std::string bytes = EncodeFileHeader(kCellLogFile, kIdentity);
    const std::uint32_t seed =
        base::Crc32c(std::string_view(bytes).substr(0, kFileHeaderBytes - 4));
    AppendFrame(kind, payload, seed, bytes);
    Replace(bytes);
  }

  base::PosixFileSystem files_;
  base::TemporaryFolder folder_;
  const std::string path_ = folder_ / "office-1.fcl";
  const model::UnitTree territory_ = MakeTree(model::TreeKind::kTerritory);
  const model::UnitTree organisation_ = MakeTree(model::TreeKind::kOrganisation);
  const std::shared_ptr<const CellLayout> layout_ = MakeLayout();
  Cells cells_ = Empty();
  RowTable values_;
  RowTable tuples_;
};

TEST_F(CellLogFileTest, GivesBackWhatWasWritten) {
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->values, std::vector<model::Row>{values_.Get(0)});
  EXPECT_EQ(loaded->tuples, std::vector<model::Row>{tuples_.Get(0)});
  ASSERT_EQ(loaded->blocks.size(), 3U);
  EXPECT_EQ(loaded->blocks[1].is_clock, 1U);
  EXPECT_EQ(loaded->blocks[2].at, MakeBlock(30, 9).at);
  EXPECT_EQ(loaded->blocks[2].sequence.value, 9U);
  const auto blocks = Blocks(*loaded);
  ASSERT_EQ(blocks.size(), 3U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(Same(blocks[0].deltas[i], MakeBlock(10, 4).deltas[i]));
  }
  ASSERT_EQ(loaded->seals.size(), 1U);
  EXPECT_EQ(loaded->seals[0].blocks, 2U);
  EXPECT_EQ(loaded->last_seal.chunks.size(), 4U);
  EXPECT_EQ(Count(0), -18);
  EXPECT_EQ(Count(2), -18);
  EXPECT_EQ(loaded->damaged_bytes, 0U);
}

TEST_F(CellLogFileTest, LeavesOutASealWhoseCellsAreGarbled) {
  const auto place = Load()->last_seal.chunks[1];
  std::string bytes = Bytes();
  bytes[static_cast<std::size_t>(place.offset)] ^= 0x01;
  Replace(bytes);
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->blocks.size(), 3U);
  EXPECT_TRUE(loaded->seals.empty());
  EXPECT_EQ(Count(0), -18);
}

TEST_F(CellLogFileTest, SealsAgainOnlyWhatHasChanged) {
  const auto before = Load();
  auto file = CellLogFile::Continue(files_, path_, *before).value();
  CellLogBlock block = MakeBlock(40, 11);
  block.deltas.pop_back();
  ASSERT_TRUE(file->Add(block).ok());
  for (const Delta& delta : block.deltas) cells_.Apply(delta);
  ASSERT_TRUE(file->AddSeal(4, cells_).ok());
  ASSERT_TRUE(file->Write().ok());
  const auto after = Load();
  ASSERT_EQ(after->seals.size(), 2U);
  // The third block changed the chunks of both leaves, the fourth that of one: all are new.
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_GE(after->last_seal.chunks[i].offset, before->size);
  }
  ASSERT_TRUE(CellLogFile::Continue(files_, path_, *after).value()->AddSeal(4, cells_).ok());
  EXPECT_EQ(Count(0), -21);
}

TEST_F(CellLogFileTest, EndsBeforeWhatIsTornAtAnyByte) {
  const std::string whole = Bytes();
  for (std::size_t size = kFileHeaderBytes; size < whole.size(); ++size) {
    Replace(whole.substr(0, size));
    const auto loaded = Load();
    ASSERT_TRUE(loaded.ok()) << size;
    EXPECT_LT(loaded->blocks.size(), 3U);
    EXPECT_EQ(loaded->size + loaded->damaged_bytes, size);
  }
}

TEST_F(CellLogFileTest, EndsBeforeWhatIsGarbledAtAnyByteButCells) {
  const std::string whole = Bytes();
  const auto chunks = Load()->last_seal.chunks;
  const std::uint64_t sealed_from = chunks.front().offset;
  const std::uint64_t sealed_to = chunks.back().offset + chunks.back().size;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string garbled = whole;
    garbled[at] = static_cast<char>(garbled[at] ^ 0x04);
    Replace(garbled);
    const auto loaded = Load();
    if (at < kFileHeaderBytes) {
      ASSERT_FALSE(loaded.ok()) << at;
      EXPECT_EQ(loaded.error().code, base::ErrorCode::kCorrupt);
      continue;
    }
    ASSERT_TRUE(loaded.ok()) << at;
    const bool in_seal = sealed_from <= at && at < sealed_to;
    if (in_seal) {
      EXPECT_EQ(loaded->blocks.size(), 3U);
      EXPECT_TRUE(loaded->seals.empty());
      EXPECT_EQ(Count(0), -18);
      continue;
    }
    EXPECT_LE(loaded->size, at);
    EXPECT_GT(loaded->damaged_bytes, 0U);
  }
}

TEST_F(CellLogFileTest, GoesOnBehindWhatCounts) {
  const std::string whole = Bytes();
  Replace(whole.substr(0, whole.size() - 1));
  const auto loaded = Load();
  ASSERT_EQ(loaded->blocks.size(), 2U);
  auto file = CellLogFile::Continue(files_, path_, *loaded).value();
  values_.IdOf({std::string("another")});
  file->AddRows(CellLogTable::kValues, values_);
  ASSERT_TRUE(file->Add(MakeBlock(40, 11)).ok());
  ASSERT_TRUE(file->Write().ok());
  const auto again = Load();
  ASSERT_EQ(again->blocks.size(), 3U);
  EXPECT_EQ(again->blocks[2].sequence.value, 11U);
  EXPECT_EQ(again->values.size(), 2U);
  EXPECT_EQ(again->damaged_bytes, 0U);
}

TEST_F(CellLogFileTest, LeavesOutBlocksBehindTheJournal) {
  const auto loaded = Load({2, {4}, base::Timestamp(std::chrono::seconds(15))});
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->blocks.size(), 1U);
  EXPECT_TRUE(loaded->seals.empty());
  EXPECT_EQ(loaded->damaged_bytes, 0U);
}

TEST_F(CellLogFileTest, IsCorruptWhenItKnowsMoreThanTheJournal) {
  const auto loaded = Load({2, {3}, base::Timestamp::max()});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, base::ErrorCode::kCorrupt);
}

TEST_F(CellLogFileTest, IsRefusedWhenOfAnotherCenterOrJournal) {
  for (const FileIdentity& other :
       {FileIdentity{"office-2", {1, 2}}, FileIdentity{"office-1", {1, 3}}}) {
    const auto loaded = LoadCellLog(files_, path_, other, Bounds(), kFarEnd, cells_);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, base::ErrorCode::kConflict);
  }
}

TEST_F(CellLogFileTest, IsRefusedWhenOfANewerFormat) {
  std::string header = EncodeFileHeader(kCellLogFile, kIdentity);
  header[8] = 3;
  header.resize(kFileHeaderBytes - 4);
  const std::uint32_t checksum = base::Crc32c(header);
  for (int shift = 0; shift < 32; shift += 8) header += static_cast<char>(checksum >> shift);
  Replace(header);
  const auto loaded = Load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, base::ErrorCode::kUnsupported);
}

TEST_F(CellLogFileTest, IsCorruptWhenAWholeFrameIsNotPossible) {
  CellLogBlock unknown_tuple = MakeBlock(10, 4);
  std::string no_tables;
  EncodeBlock(unknown_tuple, no_tables);
  CellLogRows gap{CellLogTable::kValues, 1, {{std::string("second")}}};
  std::string rows;
  EncodeRows(gap, rows);
  std::string seal;
  EncodeSeal({7, {}}, seal);
  const std::string text_too_long("\0\0\1\1\1\2a", 7);
  const std::vector<std::pair<FrameKind, std::string>> frames = {
      {FrameKind::kBlock, no_tables},   {FrameKind::kRows, rows},
      {FrameKind::kSeal, seal},         {static_cast<FrameKind>(9), ""},
      {FrameKind::kBlock, ""},          {FrameKind::kRows, std::string(3, '\xff')},
      {FrameKind::kRows, text_too_long}};
  for (const auto& [kind, payload] : frames) {
    ReplaceByFrame(kind, payload);
    const auto loaded = Load();
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, base::ErrorCode::kCorrupt);
  }
}

TEST_F(CellLogFileTest, WritesLaterWhatFoundNoRoom) {
  base::FaultyFileSystem faulty(files_);
  const auto loaded = Load();
  auto file = CellLogFile::Continue(faulty, path_, *loaded).value();
  ASSERT_TRUE(file->Add(MakeBlock(40, 11)).ok());
  faulty.LimitStorage(5);
  EXPECT_FALSE(file->Write().ok());
  EXPECT_EQ(Load()->blocks.size(), 3U);
  faulty.FreeStorage();
  ASSERT_TRUE(file->Write().ok());
  EXPECT_EQ(Load()->blocks.size(), 4U);
}

/// An office that is closed and opened again over its journal and its cell log.
class RestoredOffice : public ::testing::Test {
 protected:
  RestoredOffice() {
    office_.Restore(place_);
    office_.Deliver(At("2026-03-02 10:00"),
                    {{1, "a", "online", At("2026-03-02 09:00"), At("2026-03-03 00:00"), {}}});
    office_.Restore(place_);
    office_.Deliver(At("2026-03-05 10:00"),
                    {{2, "b", "online", At("2026-03-02 09:00"), At("2026-03-06 00:00"), {}}});
    office_.engine().Advance(At("2026-03-07 00:00"));
    office_.engine().CloseLog();
  }

  std::size_t CountBlocks() {
    std::size_t count = 0;
    const auto read =
        office_.engine().Read(std::nullopt, [&](const View& view) { count = view.block_count; });
    EXPECT_TRUE(read.ok());
    return count;
  }

  /// Writes the file anew with its first block changed, checksums right.
  void ChangeFirstBlock(const std::function<void(CellLogBlock&)>& change) {
    const std::string bytes = files_.ReadWhole(path_, 1'000'000).value();
    std::string changed = bytes.substr(0, kFileHeaderBytes);
    std::uint32_t checksum = base::Crc32c(changed.substr(0, kFileHeaderBytes - 4));
    const CellLogBounds bounds{{0, 1, 2, 3, 4, 5, 6, 7}, 10, 10, 10, 10};
    bool first = true;
    std::size_t at = kFileHeaderBytes;
    while (at < bytes.size()) {
      const auto kind = static_cast<FrameKind>(bytes[at]);
      const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[at + i]); };
      const std::size_t length = byte(1) + (static_cast<std::size_t>(byte(2)) << 8U);
      std::string payload = bytes.substr(at + kCellLogFrameHeadBytes, length);
      at += kCellLogFrameHeadBytes + length + 4;
      if (kind == FrameKind::kSeal || kind == FrameKind::kCells) continue;
      if (kind == FrameKind::kBlock && std::exchange(first, false)) {
        CellLogBlock block = DecodeBlock(payload, bounds).value();
        change(block);
        payload.clear();
        EncodeBlock(block, payload);
      }
      checksum = AppendFrame(kind, payload, checksum, changed);
    }
    ASSERT_TRUE(files_.Remove(path_).ok());
    ASSERT_TRUE(files_.OpenForAppend(path_).value()->Append(changed).ok());
  }

  /// In the file that the engine holds open.
  void GarbleInPlace(std::uint64_t offset) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(static_cast<char>(byte ^ 0x08));
    ASSERT_TRUE(file.flush().good());
  }

  base::PosixFileSystem files_;
  base::TemporaryFolder folder_;
  const CellLogPlace place_{&files_, folder_ / "cells", 2};
  const std::string path_ = folder_ / "cells/office-1.fcl";
  PermitOffice office_;
};

TEST_F(RestoredOffice, FiresADeadlineBehindTheLastEntryOnce) {
  const std::size_t blocks = CountBlocks();
  ASSERT_EQ(blocks, 4U);
  office_.Restore(place_);
  EXPECT_EQ(CountBlocks(), blocks - 1);
  EXPECT_EQ(office_.engine().snapshot().tick, At("2026-03-05 10:00"));
  office_.engine().Advance(At("2026-03-07 00:00"));
  EXPECT_EQ(CountBlocks(), blocks);
}

TEST_F(RestoredOffice, TakesCellsFromTheFile) {
  // A file that says something else shows that the file is read.
  office_.Restore(place_);
  const auto before = office_.engine().CountDeltas();
  office_.engine().CloseLog();
  ChangeFirstBlock([](CellLogBlock& block) { block.deltas.pop_back(); });
  office_.Restore(place_);
  EXPECT_EQ(office_.engine().CountDeltas(), before - 1);
}

TEST_F(RestoredOffice, IgnoresAFileThatContradictsTheJournal) {
  office_.Restore(place_);
  const auto before = office_.engine().CountDeltas();
  office_.engine().CloseLog();
  ChangeFirstBlock([](CellLogBlock& block) {
    block.deltas.pop_back();
    block.at -= base::Duration(1);
  });
  office_.Restore(place_);
  EXPECT_EQ(office_.engine().CountDeltas(), before);
}

TEST_F(RestoredOffice, RemovesTheLogsOfOtherCenters) {
  const std::string other = folder_ / "cells/office-0.fcl";
  ASSERT_TRUE(files_.OpenForAppend(other).ok());
  office_.Restore(place_);
  EXPECT_FALSE(files_.Exists(other));
  EXPECT_TRUE(files_.Exists(path_));
}

TEST_F(RestoredOffice, RemovesTheEndNotesOfLogsThatDoNotStay) {
  const std::string cells = folder_ / "cells";
  for (const char* name : {"/gone.fcl", "/gone.end", "/former.fcl", "/former.end"}) {
    ASSERT_TRUE(base::WriteWhole(files_, cells + name, "an old one").ok());
  }
  CellLogPlace place = place_;
  place.keeps = [](const std::string& revision) { return revision == "former"; };
  office_.Restore(place);
  EXPECT_FALSE(files_.Exists(cells + "/gone.end"));
  EXPECT_TRUE(files_.Exists(cells + "/former.end"));
  EXPECT_TRUE(files_.Exists(cells + "/former.fcl"));
}

TEST_F(RestoredOffice, RunsInMemoryWhenTheFileCannotBeMade) {
  ASSERT_TRUE(files_.Remove(path_).ok());
  base::FaultyFileSystem faulty(files_);
  faulty.FillStorage();
  office_.Restore({&faulty, folder_ / "cells", 2});
  EXPECT_EQ(CountBlocks(), 3U);
  EXPECT_GT(faulty.failures(), 0U);
}

std::uint64_t DeltasInMemory(const Engine& engine) {
  std::uint64_t deltas = 0;
  const auto read =
      engine.Read(std::nullopt, [&](const View& view) { deltas = view.log->deltas_in_memory(); });
  EXPECT_TRUE(read.ok());
  return deltas;
}

TEST_F(RestoredOffice, KeepsThePastOnDiskAndReadsItWhileMoreIsWritten) {
  office_.Restore(place_);
  EXPECT_EQ(DeltasInMemory(office_.engine()), 0U);
  std::atomic<bool> done = false;
  std::size_t asked = 0;
  std::thread reader([&] {
    for (; !done || asked == 0; ++asked) {
      // A moment of its own every time: nothing is remembered.
      const auto moment = At("2026-03-02 10:00") + base::Duration(asked % 1'000);
      EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", moment).records, 1U);
      const auto later = At("2026-03-05 11:00") + base::Duration(asked % 1'000);
      EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", later).records, 2U);
    }
  });
  for (int i = 0; i < 200; ++i) {
    const auto at = At("2026-03-08 10:00") + std::chrono::minutes(i);
    office_.Deliver(at, {{10 + i, i % 2 ? "a" : "b", "online", at, {}, {}}});
  }
  done = true;
  reader.join();
  for (int i = 0; i < 200; i += 9) {
    const auto at = At("2026-03-08 10:00") + std::chrono::minutes(i);
    EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", at).records, 3U + i);
  }
}

TEST_F(RestoredOffice, TellsThatABlockIsGarbledAndNoFigureOfIt) {
  ASSERT_TRUE(files_.Remove(path_).ok());
  office_.Restore({&files_, folder_ / "cells", 1'000'000});
  office_.engine().Advance(At("2026-03-07 00:00"));
  office_.engine().CloseLog();
  const auto moment = At("2026-03-05 11:00");
  ChangesQuestion question;
  std::uint64_t offset = 0;
  ASSERT_TRUE(office_.engine()
                  .Read(std::nullopt,
                        [&](const View& view) {
                          offset = view.log->Get(1).offset;
                          question = AskChanges(view, {0}, office_.Key("received_cases", "2026-03"),
                                                At("2026-03-01 00:00"));
                        })
                  .ok());
  ASSERT_GT(offset, 0U);
  GarbleInPlace(offset + kCellLogFrameHeadBytes + 2);
  const auto read = office_.engine().Read(moment, [](const View&) { ADD_FAILURE(); });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(ReadChanges(question).error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(office_.Figure("received_cases", "2026-03").records, 2U);
  EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", At("2026-03-02 11:00")).records,
            1U);
  office_.Restore(place_);
  office_.engine().Advance(At("2026-03-07 00:00"));
  EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", moment).records, 2U);
}

TEST_F(RestoredOffice, BreaksOffWhatNobodyWaitsForAndAnswersTheNext) {
  office_.Restore(place_);
  const Engine& engine = office_.engine();
  const auto moment = At("2026-03-05 11:00");
  const auto unasked = [](const View&) { ADD_FAILURE(); };
  const base::Patience passed = base::Patience().AtMost(std::chrono::milliseconds(0));
  EXPECT_EQ(engine.Read(moment, unasked, passed).error().reason, "question_too_long");
  EXPECT_EQ(engine.Read(std::nullopt, unasked, passed).error().reason, "question_too_long");
  for (const auto& as_of : {std::optional(moment), std::optional<base::Timestamp>()}) {
    std::stop_source gone;
    const base::Patience patience(base::Patience::Moment::max(), gone.get_token());
    const auto leave = [&](const View& view) {
      EXPECT_FALSE(view.patience.IsOver());
      gone.request_stop();
      EXPECT_TRUE(view.patience.IsOver());
    };
    EXPECT_EQ(engine.Read(as_of, leave, patience).error().reason, "given_up");
  }
  EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", moment).records, 2U);
}

TEST_F(RestoredOffice, ReadsOnlyBlocksThatSomebodyStillWaitsFor) {
  office_.Restore(place_);
  CellLogSpan span;
  ASSERT_TRUE(
      office_.engine()
          .Read(std::nullopt, [&](const View& view) { span = view.log->Span(0, view.block_count); })
          .ok());
  ASSERT_GT(span.on_file + span.rest.size(), 2U);
  std::stop_source gone;
  std::size_t visited = 0;
  const auto leave_at_second = [&](const CellLogBlock&) {
    if (++visited == 2) gone.request_stop();
  };
  const auto read = span.ForEach(leave_at_second,
                                 base::Patience(base::Patience::Moment::max(), gone.get_token()));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().reason, "given_up");
  EXPECT_EQ(visited, 2U);
}

TEST_F(RestoredOffice, UsesTheSealBeforeOneThatIsGarbled) {
  office_.Restore(place_);
  office_.engine().Advance(At("2026-03-07 00:00"));
  ASSERT_TRUE(office_.Figure("received_cases", "2026-03", "root", At("2026-03-05 11:00")).value);
  CellLogSeal seal;
  ASSERT_TRUE(office_.engine()
                  .Read(std::nullopt,
                        [&](const View& view) {
                          const auto place = view.log->FindSeal(2);
                          ASSERT_TRUE(place);
                          seal = view.log->reader()->ReadSeal(*place, view.log->bounds()).value();
                        })
                  .ok());
  for (const SealedChunk& chunk : seal.chunks) GarbleInPlace(chunk.offset);
  const auto moment = At("2026-03-04 00:00");
  const auto figure = [&](const View& view) {
    EXPECT_GE(ReadFigure(view, office_.Key("received_cases", "2026-03")).records, 0U);
  };
  std::size_t refused = 0;
  while (!office_.engine().Read(moment, figure).ok() && refused < seal.chunks.size()) ++refused;
  EXPECT_GT(refused, 0U);
  EXPECT_EQ(office_.Figure("received_cases", "2026-03", "root", moment).records, 1U);
}

TEST_F(RestoredOffice, KeepsInMemoryWhatTheFullDiskDoesNotTake) {
  base::FaultyFileSystem faulty(files_);
  office_.Restore({&faulty, folder_ / "cells", 2});
  faulty.FillStorage();
  for (int i = 0; i < 20; ++i) {
    const auto at = At("2026-03-08 10:00") + std::chrono::minutes(i);
    office_.Deliver(at, {{10 + i, "a", "online", at, {}, {}}});
  }
  const auto ask = [&](int i) {
    const auto at = At("2026-03-08 10:00") + std::chrono::minutes(i);
    return office_.Figure("received_cases", "2026-03", "root", at).records;
  };
  EXPECT_EQ(ask(3), 6U);
  EXPECT_GT(DeltasInMemory(office_.engine()), 0U);
  faulty.FreeStorage();
  const auto at = At("2026-03-08 11:00");
  office_.Deliver(at, {{99, "a", "online", at, {}, {}}});
  const auto queues = office_.engine().Queues();
  ASSERT_EQ(queues.size(), 2U);
  EXPECT_EQ(queues[0].queue, "cell_log");
  EXPECT_LT(queues[0].items, queues[0].capacity);
  EXPECT_EQ(queues[1].queue, "index_snapshot");
  office_.engine().CloseLog();
  EXPECT_TRUE(office_.engine().Queues().empty());
  EXPECT_EQ(DeltasInMemory(office_.engine()), 0U);
  EXPECT_EQ(ask(5), 8U);
  const std::size_t blocks = CountBlocks();
  office_.Restore(place_);
  EXPECT_EQ(CountBlocks(), blocks);
  EXPECT_EQ(ask(7), 10U);
}

TEST_F(RestoredOffice, RefusesANewerProgramsLog) {
  std::string header = files_.ReadWhole(path_, 1'000'000).value().substr(0, kFileHeaderBytes - 4);
  header[8] = 3;
  const std::uint32_t checksum = base::Crc32c(header);
  for (int shift = 0; shift < 32; shift += 8) header += static_cast<char>(checksum >> shift);
  ASSERT_TRUE(files_.Remove(path_).ok());
  ASSERT_TRUE(files_.OpenForAppend(path_).value()->Append(header).ok());
  EXPECT_EQ(office_.TryRestore(place_).error().code, base::ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace fansipan::indicators
