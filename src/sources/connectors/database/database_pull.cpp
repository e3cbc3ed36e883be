#include "sources/connectors/database/database_pull.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "center/network.h"
#include "sources/connectors/database/database_position.h"
#include "sources/connectors/database/odbc_database.h"
#include "sources/connectors/database/piece.h"
#include "sources/connectors/database/postgres_database.h"

namespace fansipan::sources {
namespace {

constexpr base::Duration kUnplacedLook = std::chrono::days(1);  // it may read the whole table
constexpr std::uint64_t kMostUnplaced = 1'000;                  // that are counted

class DatabasePull final : public Connector {
 public:
  DatabasePull(const center::Source& source, const center::DatabaseQuery& query,
               const std::string& name, base::MetricsRegistry& metrics,
               std::unique_ptr<Database> database)
      : source_(source),
        query_(query),
        database_(std::move(database)),
        requests_(metrics.GetCounter("fansipan_connector_requests_total",
                                     "Requests that a connector sent",
                                     {{"source", source.name}, {"connector", name}})) {}

  base::Status Ask(Passage& passage) override;
  base::Duration every() const override { return query_.every; }

 private:
  DatabasePosition Begin(Passage& passage);
  base::Status AskForWhole(DatabasePosition position, Passage& passage);
  base::Status AskForNew(DatabasePosition position, Passage& passage);
  base::Status TakeRange(RowRange range, bool late, DatabasePosition& position, Passage& passage);
  base::Status TakePiece(PieceTaker& piece, bool late, DatabasePosition& position,
                         Passage& passage);
  base::Status LookForUnplaced(Passage& passage);
  base::Status Read(const Statement& statement, RowTaker& taker, Passage& passage);
  PieceLimits Limits(Passage& passage) const;
  std::string SinceOf(const RowRange& range) const;

  const center::Source& source_;
  const center::DatabaseQuery& query_;
  const std::unique_ptr<Database> database_;
  base::Counter& requests_;
  KnownRows known_;
  bool began_again_ = false;  // it was said that the recorded position is of another declaration
  bool told_ = false;         // in this asking: a delivery, or a sign of life
  std::optional<base::Timestamp> looked_at_;
};

base::Status DatabasePull::Ask(Passage& passage) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string password, passage.Secret(query_.secret));
  FANSIPAN_RETURN_IF_ERROR(database_->Open(password, passage.stop()));
  told_ = false;
  DatabasePosition position = Begin(passage);
  base::Status status = query_.since ? AskForNew(std::move(position), passage)
                                     : AskForWhole(std::move(position), passage);
  database_->Close();
  return status;
}

DatabasePosition DatabasePull::Begin(Passage& passage) {
  const DatabasePosition recorded = DecodeDatabasePosition(passage.Position());
  DatabasePosition position = Under(database_->Identity(), query_, recorded);
  if (recorded.taken > 0 && recorded.rule != position.rule && !began_again_) {
    base::LogWarning(
        "source '{}': its position was recorded under another database, query or 'since', and says "
        "nothing here; all rows are read again from {}",
        passage.source(), query_.since && query_.since->start ? "'start'" : "the beginning");
    began_again_ = true;
  }
  return position;
}

base::Status DatabasePull::Read(const Statement& statement, RowTaker& taker, Passage& passage) {
  // Texts grow when they are written as JSON, and shrink when they are sent; both not by much.
  constexpr std::uint64_t kSlack = 16ULL << 20U;
  requests_.Add();
  FANSIPAN_RETURN_IF_ERROR(
      database_->Read(statement, 2 * source_.limits.payload_bytes + kSlack, taker, passage.stop()));
  passage.NoteContact();
  return {};
}

PieceLimits DatabasePull::Limits(Passage& passage) const {
  PieceLimits limits;
  limits.bytes = source_.limits.payload_bytes;
  limits.rows = source_.limits.rows;
  if (query_.since) limits.rows = std::min<std::uint64_t>(limits.rows, query_.piece_rows);
  limits.now = passage.Now();
  for (const center::RawColumn& column : source_.json.columns) {
    if (column.path.empty()) limits.columns.push_back(column.name);
  }
  return limits;
}

base::Status DatabasePull::AskForWhole(DatabasePosition position, Passage& passage) {
  WholeTaker whole(Limits(passage));
  FANSIPAN_RETURN_IF_ERROR(Read(WholeStatement(query_, database_->dialect()), whole, passage));
  const bool changed = whole.Content() != position.content;
  position.content = whole.Content();
  if (changed && whole.rows() > 0) {
    ++position.taken;
    return passage.Deliver(whole.TakePayload(), Encode(position));
  }
  return passage.Heartbeat(changed ? Encode(position) : std::string());
}

base::Status DatabasePull::AskForNew(DatabasePosition position, Passage& passage) {
  const std::optional<RowPlace> last = position.last;
  const auto from = last ? BeforeOverlap(*query_.since, last->column) : std::nullopt;
  if (from) {
    FANSIPAN_RETURN_IF_ERROR(
        TakeRange({.from = from, .up_to = last}, /*late=*/true, position, passage));
  }
  RowRange behind{.after = last};
  if (!last) behind.from = query_.since->start;
  FANSIPAN_RETURN_IF_ERROR(TakeRange(std::move(behind), /*late=*/false, position, passage));
  FANSIPAN_RETURN_IF_ERROR(LookForUnplaced(passage));
  return told_ ? base::Status() : passage.Heartbeat({});
}

/// What the query's own $since is bound to.
std::string DatabasePull::SinceOf(const RowRange& range) const {
  if (range.after) return range.after->column;
  return range.from ? *range.from : query_.since->start.value_or("");
}

/// Piece by piece until there is nothing more. `late`: rows before the last one that was taken.
base::Status DatabasePull::TakeRange(RowRange range, bool late, DatabasePosition& position,
                                     Passage& passage) {
  for (;;) {
    PieceTaker piece(*query_.since, Limits(passage), known_);
    FANSIPAN_RETURN_IF_ERROR(Read(
        PieceStatement(query_, range, SinceOf(range), Limits(passage).rows, database_->dialect()),
        piece, passage));
    FANSIPAN_RETURN_IF_ERROR(TakePiece(piece, late, position, passage));
    if (piece.fault()) return *piece.fault();
    if (!piece.is_cut()) return {};
    if (range.after == piece.last()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "position_stuck",
                         "a whole piece of rows stands at one place, '" +
                             ShownText(range.after->column, "") +
                             "': the driver gives the column cut short; give it in the query as a "
                             "text of full precision, or declare a larger piece"};
    }
    range.from = std::nullopt;
    range.after = piece.last();
  }
}

base::Status DatabasePull::TakePiece(PieceTaker& piece, bool late, DatabasePosition& position,
                                     Passage& passage) {
  if (!piece.last()) return {};
  const bool moves = !late && position.last != piece.last();
  if (!late) position.last = piece.last();
  std::string payload = piece.TakePayload();
  if (payload.empty() && !moves) return {};
  told_ = true;
  if (payload.empty()) return passage.Heartbeat(Encode(position));
  ++position.taken;
  FANSIPAN_RETURN_IF_ERROR(passage.Deliver(std::move(payload), Encode(position)));
  known_.Add(piece.fresh(), OverlapOf(*query_.since));
  return {};
}

/// Rows that no range holds would be missed in silence.
base::Status DatabasePull::LookForUnplaced(Passage& passage) {
  const base::Timestamp now = passage.Now();
  if (looked_at_ && now - *looked_at_ < kUnplacedLook) return {};
  RowCount count;
  FANSIPAN_RETURN_IF_ERROR(
      Read(PieceStatement(query_, {.unplaced = true}, query_.since->start.value_or(""),
                          kMostUnplaced, database_->dialect()),
           count, passage));
  if (count.rows() > 0) {
    const std::string least = count.rows() >= kMostUnplaced ? "at least " : "";
    return base::Error{base::ErrorCode::kInvalidArgument, "since_missing",
                       "the query gives " + least + std::to_string(count.rows()) +
                           " rows without '" + query_.since->column + "' or '" + query_.since->key +
                           "', which are never found by them; the other rows are taken. Have them "
                           "mended at the source, or leave them out in the query"};
  }
  looked_at_ = now;
  return {};
}

}  // namespace

std::unique_ptr<Connector> MakeDatabasePull(const center::Source& source,
                                            const center::DatabaseQuery& query,
                                            const std::string& name, base::MetricsRegistry& metrics,
                                            std::unique_ptr<Database> database) {
  return std::make_unique<DatabasePull>(source, query, name, metrics, std::move(database));
}

std::unique_ptr<Connector> MakePostgresPull(const center::Source& source,
                                            base::MetricsRegistry& metrics) {
  const center::PostgresSource& postgres = *source.postgres;
  const center::Reach& reach = *center::FindReach(source.reach, postgres.host, postgres.port);
  return MakeDatabasePull(source, postgres.query, "postgres", metrics,
                          MakePostgresDatabase(postgres, reach));
}

std::unique_ptr<Connector> MakeOdbcPull(const center::Source& source,
                                        base::MetricsRegistry& metrics) {
  return MakeDatabasePull(source, source.odbc->query, "odbc", metrics,
                          MakeOdbcDatabase(*source.odbc));
}

}  // namespace fansipan::sources
