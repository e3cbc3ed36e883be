#pragma once

namespace fansipan::base {

/// How much of the processors a thread gets when there are not enough of them.
enum class Priority {
  kAnswers,     ///< what somebody waits for: intake, the wall; what a program starts with
  kQuestions,   ///< ad hoc questions, which may scan millions of records
  kBackground,  ///< what trails and catches up
};

/// The calling thread, and what it starts from now on, comes to a processor sooner after it was
/// woken, for shorter turns at a time. Problem: a delivery passes through many hands, and each may
/// wait some milliseconds behind a thread that calculates. Linux 6.12 and later; before that
/// nothing changes.
void QuickenThread();

/// Lowers the calling thread, and the threads that it starts from now on; it is not quickened any
/// more. A thread cannot be raised again.
void LowerThread(Priority priority);

}  // namespace fansipan::base
