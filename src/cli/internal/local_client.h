#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "cli/command.h"

namespace fansipan::cli {

using Query = std::map<std::string, std::string>;

/// Talks to the running server over the local socket in its data folder, with the rights of whoever
/// may open it. One call at a time.
class LocalClient {
 public:
  explicit LocalClient(std::string data_folder)
      : socket_(std::move(data_folder) + "/fansipan.sock") {}

  /// Errors: kUnavailable when no server runs there; otherwise what the server's problem says.
  base::Result<nlohmann::json> Get(const std::string& path, const Query& query) const;
  base::Result<nlohmann::json> Post(const std::string& path, const nlohmann::json& body) const;
  base::Result<nlohmann::json> Put(const std::string& path, const nlohmann::json& body) const;
  base::Result<nlohmann::json> Delete(const std::string& path) const;
  /// The answer as text, with the wanted media type.
  base::Result<std::string> GetText(const std::string& path, const Query& query,
                                    const std::string& accept) const;

 private:
  struct Call {
    std::string path;
    std::string accept;
    const std::string* body = nullptr;
    const char* method = nullptr;  ///< null: GET, or POST with a body
  };
  base::Result<std::string> Perform(const Call& call) const;

  std::string socket_;
};

/// True when the answer is to be described for a person. An error, or an answer that is wanted as
/// JSON, has been printed.
bool IsToDescribe(const base::Result<nlohmann::json>& answer, CommandContext& context);

/// `path` with the query's pairs percent-encoded.
std::string WithQuery(const std::string& path, const Query& query);
/// One path segment, percent-encoded.
std::string Segment(const std::string& text);

}  // namespace fansipan::cli
