#pragma once

namespace fansipan::base {

/// Lets the process keep what it frees, up to a gigabyte, instead of handing it back to the system
/// and asking for it again: a group of deliveries takes some hundred megabytes for a second, and
/// each page that comes anew costs as much as the work on it. Called once, before there are
/// threads.
void KeepFreedMemory();

}  // namespace fansipan::base
