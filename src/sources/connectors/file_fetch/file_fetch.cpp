#include "sources/connectors/file_fetch/file_fetch.h"

#include <utility>

#include "center/connectors/file_fetch.h"

namespace fansipan::sources {

std::unique_ptr<Connector> MakeFileFetch(const center::Source& source,
                                         base::MetricsRegistry& metrics) {
  const center::FileFetch& fetch = *source.file_fetch;
  const auto url = *center::ParseFileUrl(fetch.url, fetch.implicit_tls);
  if (url.protocol == center::FileProtocol::kHttp) {
    return MakeHttpFileFetch(source, MakeHttpClient(), metrics);
  }
  const center::Reach& reach = *center::FindReach(source.reach, url.host, url.port);
  return MakeFolderFetch(source, MakeCurlFileServer(fetch, reach), metrics);
}

}  // namespace fansipan::sources
