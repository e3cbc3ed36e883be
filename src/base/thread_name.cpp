#include "base/thread_name.h"

#include <pthread.h>

namespace fansipan::base {

void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace fansipan::base
