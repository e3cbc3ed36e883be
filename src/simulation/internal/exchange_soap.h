#pragma once

#include <string>
#include <vector>

#include "simulation/loopback_server.h"

namespace fansipan::simulation::internal {

/// The last word of SOAPAction: `ListDocuments` of "urn:exchange:ListDocuments", in quotes or not.
std::string OperationOf(const ServedRequest& request);
/// The text of the first element of that local name, references resolved; empty: none.
std::string ElementText(const std::string& xml, const std::string& name);

/// An envelope whose body is the operation's answer; `inner` is XML.
ServedAnswer SoapAnswer(const std::string& operation, const std::string& inner);
ServedAnswer SoapFault(int status, const std::string& words);
/// `<x:name>id</x:name>` for each.
std::string SoapIds(const std::vector<std::string>& ids, const std::string& name);

}  // namespace fansipan::simulation::internal
