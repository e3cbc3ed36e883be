#include "center/connectors/file_fetch.h"

#include <array>
#include <utility>

#include "center/network.h"

namespace fansipan::center {
namespace {

constexpr std::uint16_t kSshPort = 22;
constexpr std::uint16_t kFtpPort = 21;
constexpr std::uint16_t kImplicitFtpsPort = 990;

struct Scheme {
  std::string_view name;
  FileProtocol protocol;
  std::string_view read_as;  ///< ParseUrl knows these
};
constexpr std::array kSchemes{
    Scheme{"sftp://", FileProtocol::kSftp, "https://"},
    Scheme{"ftps://", FileProtocol::kFtps, "https://"},
    Scheme{"https://", FileProtocol::kHttp, "https://"},
    Scheme{"http://", FileProtocol::kHttp, "http://"},
};

bool NamesPort(std::string_view after_scheme) {
  const std::string_view place = after_scheme.substr(0, after_scheme.find('/'));
  const std::size_t bracket = place.rfind(']');
  return place.find(':', bracket == std::string_view::npos ? 0 : bracket) != std::string_view::npos;
}

std::uint16_t UsualPort(FileProtocol protocol, bool implicit_tls, std::uint16_t of_http) {
  if (protocol == FileProtocol::kSftp) return kSshPort;
  if (protocol == FileProtocol::kFtps) return implicit_tls ? kImplicitFtpsPort : kFtpPort;
  return of_http;
}

}  // namespace

std::string_view NameOf(FileProtocol protocol) {
  switch (protocol) {
    case FileProtocol::kSftp:
      return "sftp";
    case FileProtocol::kFtps:
      return "ftps";
    case FileProtocol::kHttp:
      return "http";
  }
  return "";
}

std::string_view NameOf(AfterFetch after) {
  switch (after) {
    case AfterFetch::kKeep:
      return "keep";
    case AfterFetch::kMove:
      return "move";
    case AfterFetch::kDelete:
      return "delete";
  }
  return "";
}

std::optional<FileUrl> ParseFileUrl(std::string_view url, bool implicit_tls) {
  for (const Scheme& scheme : kSchemes) {
    if (!url.starts_with(scheme.name)) continue;
    const std::string_view rest = url.substr(scheme.name.size());
    const auto parts = ParseUrl(std::string(scheme.read_as) + std::string(rest));
    if (!parts || rest.find('?') != std::string_view::npos) return std::nullopt;
    FileUrl read;
    read.protocol = scheme.protocol;
    read.secure = scheme.name != "http://";
    read.host = parts->host;
    read.port =
        NamesPort(rest) ? parts->port : UsualPort(scheme.protocol, implicit_tls, parts->port);
    const std::size_t end = parts->target.rfind('/') + 1;
    read.folder = parts->target.substr(0, end);
    read.file = parts->target.substr(end);
    return read;
  }
  return std::nullopt;
}

bool MatchesFileName(std::string_view pattern, std::string_view name) {
  std::size_t at = 0;
  std::size_t in_name = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resumed = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resumed = in_name;
    } else if (at < pattern.size() && pattern[at] == name[in_name]) {
      ++at;
      ++in_name;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_name = ++resumed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::set<std::string> SecretsOf(const FileFetch& fetch) {
  std::set<std::string> names;
  if (!fetch.secret.empty()) names.insert(fetch.secret);
  if (!fetch.key.empty()) names.insert(fetch.key);
  return names;
}

}  // namespace fansipan::center
