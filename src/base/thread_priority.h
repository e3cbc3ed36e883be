#pragma once

namespace fansipan::base {

/// How much of the processors a thread gets when there are not enough of them.
enum class Priority {
  kAnswers,     ///< what somebody waits for: intake, the wall; what a program starts with
  kQuestions,   ///< ad hoc questions, which may scan millions of records
  kBackground,  ///< what trails and catches up
};

/// Lowers the calling thread, and the threads that it starts from now on. A thread cannot be raised
/// again.
void LowerThread(Priority priority);

}  // namespace fansipan::base
