#include "sources/connectors/internal/guarded_curl.h"

#include <gtest/gtest.h>

namespace fansipan::sources::internal {
namespace {

class TransferOptionsTest : public ::testing::Test {
 protected:
  TransferOptionsTest() : ready_(IsCurlReady()), curl_(curl_easy_init(), curl_easy_cleanup) {
    guard_.reach = {"files.example.vn", 443, center::Network::kPublic};
    guard_.timeout = std::chrono::seconds(5);
  }
  std::string Restrict(const char* protocol) {
    TransferOptions options(curl_.get());
    RestrictTransfer(options, protocol, guard_);
    const base::Status status = options.Check();
    return status.ok() ? "fine" : status.error().reason;
  }

  const bool ready_;
  const Easy curl_;
  SocketGuard guard_;
};

TEST_F(TransferOptionsTest, TheLibraryTakesEveryRestrictionOfEachProtocol) {
  ASSERT_TRUE(ready_);
  for (const char* protocol : {"http", "https", "sftp", "ftp", "ftps"}) {
    EXPECT_EQ(Restrict(protocol), "fine") << protocol;
  }
}

TEST_F(TransferOptionsTest, ARestrictionThatIsNotTakenIsAnError) {
  EXPECT_EQ(Restrict("no-such-protocol"), "transfer_option_refused");
}

TEST_F(TransferOptionsTest, TheFirstRefusalStaysAndIsNamed) {
  TransferOptions options(curl_.get());
  options.Set(CURLOPT_PROTOCOLS_STR, "no-such-protocol");
  options.Set(CURLOPT_FOLLOWLOCATION, 0L);
  const base::Status status = options.Check();
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("PROTOCOLS_STR"), std::string::npos)
      << status.error().message;
}

}  // namespace
}  // namespace fansipan::sources::internal
