#include "center/internal/connectors/file_fetch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "center/connectors.h"
#include "center/internal/text_checks.h"
#include "center/network.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxText = 255;
constexpr std::size_t kHostKeyLength = 43;  // 32 bytes in base64
constexpr std::int64_t kMaxTimeout = 3'600;
constexpr std::int64_t kMaxStall = 600;
constexpr std::int64_t kMostFiles = 1'000;

/// One component of a path, in letters that every server's commands take.
bool IsFileWord(std::string_view text) {
  return !text.empty() && text.size() <= kMaxText && text != "." && text != ".." &&
         !FindBadByte(text) && text.find_first_of("/\\\"\r\n\t") == std::string_view::npos;
}

bool IsHostKey(std::string_view text) {
  return text.size() == kHostKeyLength && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '/';
         });
}

bool IsPem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  return text.starts_with(kBegin) && text.find(kEnd) != std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

class FetchReader {
 public:
  FetchReader(const YamlNode& node, const YamlMap& source, const Source& read)
      : map_(node, source.scope(), source.what() + ": 'file_fetch'"), read_(read) {}

  FileFetch Read() {
    map_.Allow(FindConnector("file_fetch")->Keys());
    if (const auto tls = map_.Choice("tls", {"explicit", "implicit"}, Need::kOptional)) {
      fetch_.implicit_tls = *tls == 1;
    }
    ReadUrl();
    ReadNames();
    if (const auto every = map_.Duration("every")) {
      fetch_.every = *every;
    } else if (!map_.Has("every")) {
      map_.ReportMissing("every", "such as 15m");
    }
    ReadSignIn();
    ReadTrust();
    ReadAfter();
    fetch_.max_files =
        static_cast<std::uint32_t>(map_.Integer("max_files", {1, kMostFiles}, fetch_.max_files));
    ReadSeconds("timeout", kMaxTimeout, fetch_.timeout_seconds);
    ReadSeconds("stall", kMaxStall, fetch_.stall_seconds);
    return std::move(fetch_);
  }

 private:
  bool Is(FileProtocol protocol) const { return url_ && url_->protocol == protocol; }
  bool IsFolder() const { return url_ && url_->file.empty(); }

  void ReadUrl() {
    const YamlNode* node = map_.FindText("url", Need::kRequired);
    if (node == nullptr) return;
    fetch_.url = node->text;
    url_ = ParseFileUrl(fetch_.url, fetch_.implicit_tls);
    if (!url_) {
      map_.Report(
          *node,
          "must be a URL such as sftp://files.example.vn/out/, ftps:// or https://, without "
          "user, query and fragment");
      return;
    }
    const Reach* reach = FindReach(read_.reach, url_->host, url_->port);
    if (reach == nullptr) {
      map_.Report(*node, "leads to " + url_->host + ", port " + std::to_string(url_->port) +
                             ", which the source's 'reach' does not name");
    } else if (!url_->secure && reach->network == Network::kPublic) {
      map_.Report(*node,
                  "must be https; http is for hosts whose 'network' in 'reach' is private, "
                  "link_local or loopback");
    }
    if (Is(FileProtocol::kHttp) && IsFolder()) {
      map_.Report(*node, "must name one file: HTTP knows no list of files");
    }
  }

  /// Reports a key that the url gives no meaning.
  bool Fits(std::string_view key, bool fits, std::string_view why) {
    if (!map_.Has(key)) return false;
    if (!fits) map_.Report(*map_.Find(key), why);
    return fits;
  }

  void ReadNames() {
    if (Fits("files", IsFolder(), "is for a url that is a folder and ends in '/'")) {
      fetch_.files = map_.Text("files", Need::kRequired);
      if (!IsFileWord(fetch_.files)) {
        map_.Report(*map_.Find("files"), "must be a pattern of names such as *.csv");
      }
    }
    if (!Fits("ready", !Is(FileProtocol::kHttp), "is for sftp and ftps; an answer is whole"))
      return;
    const YamlMap map(*map_.Find("ready"), map_.scope(), map_.what() + ": 'ready'");
    map.Allow({"marker"});
    fetch_.marker = map.Text("marker", Need::kRequired);
    if (!fetch_.marker.empty() && !IsFileWord(fetch_.marker)) {
      map.Report(*map.Find("marker"), "must be the end of a name such as .done");
    }
  }

  void ReadSignIn() {
    const YamlNode* node = map_.Find("sign_in");
    if (node == nullptr) {
      if (Is(FileProtocol::kSftp) || Is(FileProtocol::kFtps)) {
        map_.ReportMissing("sign_in", "the server asks for a user");
      }
      return;
    }
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'sign_in'");
    map.Allow({"user", "secret", "key"});
    fetch_.user = map.Text("user", Is(FileProtocol::kHttp) ? Need::kOptional : Need::kRequired);
    const bool plain =
        std::ranges::all_of(fetch_.user, [](char c) { return c > ' ' && c <= '~' && c != ':'; });
    if (!plain || fetch_.user.size() > kMaxText) {
      map.Report(*map.Find("user"), "must be printable ASCII without colon and space");
    }
    if (const YamlNode* secret = map.FindName("secret", Need::kOptional)) {
      fetch_.secret = secret->text;
    }
    if (const YamlNode* key = map.FindName("key", Need::kOptional)) fetch_.key = key->text;
    if (map.Has("key") && !Is(FileProtocol::kSftp)) map.Report(*node, "'key' is for sftp only");
    if (map.Has("key") == map.Has("secret")) {
      map.Report(*node, "must have one of 'secret' (password or token) and 'key' (private key)");
    }
  }

  void ReadTrust() {
    if (Fits("host_key", Is(FileProtocol::kSftp), "is for sftp only")) {
      std::string text = map_.Text("host_key", Need::kRequired);
      if (text.starts_with("SHA256:")) text.erase(0, 7);
      while (text.ends_with('=')) text.pop_back();
      if (!IsHostKey(text)) {
        map_.Report(*map_.Find("host_key"),
                    "must be the fingerprint that 'ssh-keygen -lf' shows, such as SHA256:n4bQ…, "
                    "43 characters after the colon");
      }
      fetch_.host_key = std::move(text);
    } else if (Is(FileProtocol::kSftp)) {
      map_.ReportMissing("host_key", "the operator of the server tells its SHA-256 fingerprint");
    }
    Fits("tls", Is(FileProtocol::kFtps), "is for ftps only");
    const bool certified = url_ && url_->secure && !Is(FileProtocol::kSftp);
    if (!Fits("authorities", certified, "is for ftps and https")) return;
    fetch_.authorities = map_.Text("authorities", Need::kRequired);
    if (!IsPem(fetch_.authorities)) {
      map_.Report(*map_.Find("authorities"),
                  "must be certificates as text, from -----BEGIN CERTIFICATE----- on");
    }
  }

  void ReadAfter() {
    const YamlNode* node = map_.Find("after");
    if (node == nullptr) return;
    if (node->kind == YamlNode::Kind::kMap) {
      const YamlMap map(*node, map_.scope(), map_.what() + ": 'after'");
      map.Allow({"move"});
      fetch_.after = AfterFetch::kMove;
      fetch_.move_to = map.Text("move", Need::kRequired);
      if (!fetch_.move_to.empty() && !IsFileWord(fetch_.move_to)) {
        map.Report(*node, "must name one folder below that of the files");
      }
    } else if (const auto word = map_.Choice("after", {"keep", "delete"}, Need::kRequired)) {
      fetch_.after = *word == 1 ? AfterFetch::kDelete : AfterFetch::kKeep;
    }
    if (fetch_.after != AfterFetch::kKeep && Is(FileProtocol::kHttp)) {
      map_.Report(*node, "must be keep: over HTTP nothing is moved or deleted");
    }
  }

  void ReadSeconds(std::string_view key, std::int64_t most, std::uint32_t& seconds) {
    const auto read = map_.Duration(key);
    if (!read) return;
    const auto count = std::chrono::duration_cast<std::chrono::seconds>(*read).count();
    if (count < 1 || count > most) {
      map_.Report(*map_.Find(key), "allowed: 1s to " + std::to_string(most) + "s");
    }
    seconds = static_cast<std::uint32_t>(std::clamp(count, std::int64_t{1}, most));
  }

  YamlMap map_;
  const Source& read_;
  FileFetch fetch_;
  std::optional<FileUrl> url_;
};

}  // namespace

std::shared_ptr<const FileFetch> ReadFileFetch(const YamlMap& source, const Source& read) {
  const YamlNode* node = source.Find("file_fetch");
  if (node == nullptr) return nullptr;
  return std::make_shared<const FileFetch>(FetchReader(*node, source, read).Read());
}

}  // namespace fansipan::center
