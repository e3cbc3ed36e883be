#pragma once

#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

/// `encoding` of a source, which only formats may declare whose text does not say it itself.
Encoding ReadEncoding(const YamlMap& source, Format format);

/// `quote` of a `csv`; NUL when cells are declared to have none.
char ReadQuote(const YamlMap& csv, char fallback);

/// What tells a table from the titles and footers around it; the dialect's header must have been
/// read.
void ReadTableBounds(const YamlMap& csv, CsvDialect& dialect);

/// The byte order mark is declared for UTF-8 alone; others say theirs.
void CheckByteOrderMark(const YamlMap& csv, Encoding encoding);

}  // namespace fansipan::center
