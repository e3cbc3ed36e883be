#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "center/center.h"
#include "model/expression.h"
#include "store/archive.h"
#include "store/journal.h"

namespace fansipan::server {

/// Keeps a center's files in the archive, as one JSON object path → content.
base::Result<std::string> ArchiveCenter(store::Archive& archive, const center::Center& center);
/// The center that was archived. kCorrupt when it can no longer be read by this program.
base::Result<std::shared_ptr<const center::Center>> LoadArchivedCenter(
    store::Archive& archive, const std::string& archive_id, const model::ExpressionParser& parser);

/// The last center that the journal says was running; null when there was none.
base::Result<std::shared_ptr<const center::Center>> LoadLastCenter(
    store::Journal& journal, store::Archive& archive, const model::ExpressionParser& parser);

/// The center with the revision of each mapping set: 1 for its first text, one more each time that
/// its SQL or the declared form of its source changed between centers that the journal names.
base::Result<std::shared_ptr<const center::Center>> WithMappingRevisions(
    std::shared_ptr<const center::Center> center, store::Journal& journal, store::Archive& archive,
    const model::ExpressionParser& parser);

}  // namespace fansipan::server
