/// What jemalloc, linked into the programs, does differently from its defaults. Groups of
/// deliveries take some hundred megabytes for a second; a page that comes anew costs as much as
/// the work on it. So memory comes in huge pages and what is freed is kept for half a minute.
/// The name and the settings are jemalloc's (jemalloc(3), TUNING).
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,metadata_thp:always,dirty_decay_ms:30000,muzzy_decay_ms:0";
}
