# Every third-party library, as a target fansipan::<name>. Parts link these names only, in
# LINKS when a public header of theirs needs it, otherwise in PRIVATE_LINKS.
# Versions, licences and reasons stand in docs/dependencies.md.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(simdjson REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(ZLIB REQUIRED)
find_package(EXPAT 2.5 REQUIRED)
find_package(CURL REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(odbc REQUIRED IMPORTED_TARGET odbc)

function(fansipan_dependency name)
  add_library(fansipan_dependency_${name} INTERFACE)
  target_link_libraries(fansipan_dependency_${name} INTERFACE ${ARGN})
  add_library(fansipan::${name} ALIAS fansipan_dependency_${name})
endfunction()

fansipan_dependency(threads Threads::Threads)
fansipan_dependency(boost Boost::headers Threads::Threads)
fansipan_dependency(openssl OpenSSL::SSL OpenSSL::Crypto)
fansipan_dependency(simdjson simdjson::simdjson)
fansipan_dependency(json nlohmann_json::nlohmann_json)
fansipan_dependency(yaml yaml-cpp)
fansipan_dependency(sqlite SQLite::SQLite3)
fansipan_dependency(sodium PkgConfig::sodium)
fansipan_dependency(fmt fmt::fmt)
fansipan_dependency(spdlog spdlog::spdlog fmt::fmt)
fansipan_dependency(cli11 CLI11::CLI11)
fansipan_dependency(date date::date-tz)
fansipan_dependency(icu ICU::uc ICU::i18n)
fansipan_dependency(seccomp PkgConfig::seccomp)
fansipan_dependency(zstd PkgConfig::zstd)
fansipan_dependency(jemalloc PkgConfig::jemalloc)
fansipan_dependency(zlib ZLIB::ZLIB)
fansipan_dependency(expat EXPAT::EXPAT)
fansipan_dependency(curl CURL::libcurl)
fansipan_dependency(libpq PkgConfig::libpq)
fansipan_dependency(odbc PkgConfig::odbc)
fansipan_dependency(gtest GTest::gtest GTest::gmock)
fansipan_dependency(rapidcheck rapidcheck)

# DuckDB comes as two npm packages of one version: the library from one, its C header from the
# other. Any installed DuckDB 1.4 (include/duckdb.h and lib/libduckdb.so) serves as well.
set(FANSIPAN_DUCKDB_ROOT "" CACHE PATH "An installed DuckDB to use instead of the npm packages")
if(FANSIPAN_DUCKDB_ROOT)
  set(duckdb_places ${FANSIPAN_DUCKDB_ROOT})
else()
  set(duckdb_modules ${PROJECT_SOURCE_DIR}/third_party/npm/node_modules)
  set(duckdb_places ${duckdb_modules}/duckdb/src/duckdb/src
                    ${duckdb_modules}/@duckdb/node-bindings-linux-x64)
endif()
find_path(duckdb_include duckdb.h PATHS ${duckdb_places} PATH_SUFFIXES include NO_CACHE
          NO_DEFAULT_PATH)
find_library(duckdb_library duckdb PATHS ${duckdb_places} PATH_SUFFIXES lib NO_CACHE
             NO_DEFAULT_PATH)
if(NOT duckdb_include OR NOT duckdb_library)
  message(FATAL_ERROR "DuckDB (duckdb.h and libduckdb.so) is not under: ${duckdb_places}. Run "
                      "'./dev build', which installs it, or set FANSIPAN_DUCKDB_ROOT.")
endif()
add_library(fansipan_duckdb SHARED IMPORTED)
set_target_properties(fansipan_duckdb PROPERTIES
  IMPORTED_LOCATION ${duckdb_library}
  IMPORTED_NO_SONAME ON
  INTERFACE_INCLUDE_DIRECTORIES ${duckdb_include})
fansipan_dependency(duckdb fansipan_duckdb)
