#pragma once

namespace fansipan::sources {

/// Takes every variable PG… out of this process's environment: libpq, and the ODBC driver over it,
/// let them fill in whatever a connection does not say (PGSERVICE, PGOPTIONS, PGSSLCRL …), and an
/// empty value of ours counts as not said. For the start of the program: no other thread may be
/// running.
void ClearPostgresEnvironment();

}  // namespace fansipan::sources
