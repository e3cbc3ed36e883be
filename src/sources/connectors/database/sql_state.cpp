#include "sources/connectors/database/sql_state.h"

#include <array>

namespace fansipan::sources {
namespace {

struct Meaning {
  std::string_view begins;  ///< of the code; the first that fits holds
  base::ErrorCode code;
  std::string_view reason;
  std::string_view advice;
};

constexpr std::array kMeanings{
    Meaning{
        "57014", base::ErrorCode::kDeadlineExceeded, "statement_timeout",
        "the statement took too long; see that the columns of 'since' have an index, or declare "
        "a longer timeout"},
    Meaning{
        "HYT", base::ErrorCode::kDeadlineExceeded, "statement_timeout",
        "the statement took too long; see that the columns of 'since' have an index, or declare "
        "a longer timeout"},
    Meaning{"HY008", base::ErrorCode::kDeadlineExceeded, "statement_timeout",
            "the statement was ended at its time limit; declare a longer timeout"},
    Meaning{"55P03", base::ErrorCode::kUnavailable, "table_locked",
            "another program holds a lock on what is asked; it is asked again later"},
    Meaning{"25006", base::ErrorCode::kForbidden, "write_refused",
            "the query would write, which is never done; make it a plain SELECT"},
    Meaning{"42501", base::ErrorCode::kForbidden, "right_missing",
            "the user may not read what is asked; have the right granted at the source"},
    Meaning{"28", base::ErrorCode::kUnauthenticated, "sign_in_refused",
            "it refuses the sign-in; check user, secret and database"},
    Meaning{"IM00", base::ErrorCode::kInvalidArgument, "driver_missing",
            "the driver cannot be used; check its name and that it is installed"},
    Meaning{"01000", base::ErrorCode::kUnavailable, "driver_missing",
            "the driver cannot be loaded; check its name and that it is installed"},
    Meaning{"08001", base::ErrorCode::kUnavailable, "no_connection",
            "it takes no connection; check where it is, the line, user and secret"},
    Meaning{"08", base::ErrorCode::kUnavailable, "connection_lost",
            "check the line and the server; it is asked again later"},
    Meaning{"53", base::ErrorCode::kUnavailable, "source_busy",
            "it has too much to do; it is asked again later"},
    Meaning{"57P", base::ErrorCode::kUnavailable, "source_failed",
            "it is being stopped or started; it is asked again later"},
    Meaning{"40", base::ErrorCode::kUnavailable, "source_busy",
            "the statement got in the way of another; it is asked again later"},
    Meaning{"22", base::ErrorCode::kInvalidArgument, "query_failed",
            "a value cannot be worked out; mend the query, or 'start' of since"},
    Meaning{"42", base::ErrorCode::kInvalidArgument, "query_refused",
            "it does not take the query; check it, and the names in 'since'"},
    Meaning{"S", base::ErrorCode::kInvalidArgument, "query_refused",
            "it does not take the query; check it, and the names in 'since'"},
    Meaning{"HY", base::ErrorCode::kInvalidArgument, "query_refused",
            "it does not take the query; check it, and the names in 'since'"},
};

}  // namespace

base::Error ErrorOfState(std::string_view state, const std::string& place,
                         const std::string& told) {
  Meaning meaning{"", base::ErrorCode::kUnavailable, "source_failed",
                  "ask its operator if it stays"};
  for (const Meaning& known : kMeanings) {
    if (!state.starts_with(known.begins)) continue;
    meaning = known;
    break;
  }
  std::string message = place + " answers with " +
                        (state.empty() ? std::string("an error") : "error " + std::string(state));
  if (!told.empty()) message += " (" + told + ")";
  message += ": ";
  message += meaning.advice;
  return {meaning.code, std::string(meaning.reason), std::move(message)};
}

}  // namespace fansipan::sources
