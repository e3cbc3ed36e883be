#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "sources/connectors/connector.h"

namespace fansipan::sources::testing {

/// A connector to be held to what all of them promise. Its source has something for three
/// deliveries at least, gives the same to everyone, and does not change meanwhile.
struct ContractSubject {
  std::function<std::unique_ptr<Connector>()> make;  ///< anew, as after a restart
  std::map<std::string, std::string> secrets;        ///< that it needs
};

/// Fails the running test (gtest) where one of these does not hold:
/// - every delivery has a position, and no two have the same;
/// - killed after any delivery, it goes on so that none is lost and none doubled;
/// - asked again when there is nothing new, it gives a sign of life and no delivery;
/// - without its secret it says secret_missing and delivers nothing;
/// - in a trial it gives the first payload;
/// - after a stop it ends with connector_stopped and delivers nothing;
/// - no secret stands in a position.
void ExpectConnectorContract(const ContractSubject& subject);

}  // namespace fansipan::sources::testing
