#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

/// center.yaml: name, title, languages, time zone.
void ReadCenterFile(Draft& draft);
/// What center.yaml makes public; the indicators must have been read.
void ReadPublic(Draft& draft);
/// The folders under systems/ with their system.yaml.
void ReadSystems(Draft& draft);

}  // namespace fansipan::center
