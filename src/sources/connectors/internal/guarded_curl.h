#pragma once

#include <curl/curl.h>

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <type_traits>

#include "base/clock.h"
#include "base/result.h"
#include "center/network.h"

namespace fansipan::sources::internal {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// Sets a transfer's options and keeps the first answer that is no yes: a library that was built
/// without one would else run the transfer without its limit, its pinned key or its check.
class TransferOptions {
 public:
  explicit TransferOptions(CURL* curl) : curl_(curl) {}

  template <typename Value>
  void Set(CURLoption option, Value value) {
    if constexpr (std::is_integral_v<Value>) {
      static_assert(sizeof(Value) == sizeof(long), "the library reads a long");
    }
    if (refused_ != CURLE_OK) return;
    refused_ = curl_easy_setopt(curl_, option, value);
    if (refused_ != CURLE_OK) option_ = option;
  }
  /// kInternal transfer_option_refused: the transfer must not run.
  base::Status Check() const;

 private:
  CURL* curl_;
  CURLcode refused_ = CURLE_OK;
  CURLoption option_ = CURLOPT_LASTENTRY;
};

/// Prepares the library once for the process; false when it cannot be used.
bool IsCurlReady();

/// Where the sockets of transfers may lead. Outlives them.
struct SocketGuard {
  center::Reach reach;
  base::Duration timeout{};  ///< from the first to the last byte
  /// FTP: further sockets may lead to other ports of an address that was called before.
  bool data_ports = false;
  std::set<center::NetworkAddress> called;
  std::string refused_address;  ///< the last that was refused, with why; empty: none
};

/// Sets what no transfer may do, whatever is declared or answered: no proxy, no sign-in from files,
/// no redirect, no certificate unchecked, no socket that leads outside the guard's reach. The
/// address is compared when the socket is made, so that a name which resolves anew leads nowhere
/// else. `protocol` is the only one allowed.
void RestrictTransfer(TransferOptions& options, const char* protocol, SocketGuard& guard);

/// Trusts the authorities of `pem` instead of this machine's; empty: this machine's. The text must
/// outlive the transfer.
void TrustAuthorities(TransferOptions& options, const std::string& pem);

/// Runs a prepared transfer; CURLE_ABORTED_BY_CALLBACK when a stop came first.
CURLcode RunTransfer(CURLM* multi, CURL* curl, const std::stop_token& stop);

/// What went wrong on the way, for who must act. The library's own messages may hold the URL.
base::Error TransferError(CURLcode code, const SocketGuard& guard);

/// "host, port n".
std::string PlaceOf(const center::Reach& reach);

/// Adds a line to the list; nothing is added when memory is short.
void AppendTo(List& list, const std::string& line);

}  // namespace fansipan::sources::internal
