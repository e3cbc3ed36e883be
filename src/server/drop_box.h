#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "center/center.h"
#include "sources/file_drop.h"
#include "sources/intake.h"

namespace fansipan::server {

/// Watches a folder below `<data>/drop/` for each source of the center that takes files, and hands
/// them to intake. The report laid beside a file is the delivery's counts and quarantined rows.
base::Result<std::unique_ptr<sources::FileDrop>> OpenDropBox(const center::Center& center,
                                                             const std::string& data_folder,
                                                             sources::Intake& intake,
                                                             const base::Clock& clock);

}  // namespace fansipan::server
