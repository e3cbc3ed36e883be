# Builds the program and the web screens. Sourced by ./dev.

presets="dev tsan release fuzz"

is_preset() { [[ " $presets " == *" $1 "* ]]; }

# prepare preset : everything installed and configured, ready for cmake --build.
prepare() {
  local preset=$1 stamp=build/$1/.configured options=()
  install_packages build
  if [ "$preset" = fuzz ]; then
    install_packages fuzz
  fi
  if [ -n "${FANSIPAN_DUCKDB_ROOT:-}" ]; then
    options=("-DFANSIPAN_DUCKDB_ROOT=$FANSIPAN_DUCKDB_ROOT")
  else
    install_npm third_party/npm
  fi
  if [ ! -f "$stamp" ] || [ CMakePresets.json -nt "$stamp" ] || [ ${#options[@]} -gt 0 ]; then
    say "configuring build/$preset"
    cmake --preset "$preset" "${options[@]}" >"build/configure_$preset.log" 2>&1 || {
      cat "build/configure_$preset.log" >&2
      fail "configuring build/$preset failed"
    }
    touch "$stamp"
  fi
}

# build_preset preset [target...]
build_preset() {
  local preset=$1 targets=()
  shift
  prepare "$preset"
  [ $# -eq 0 ] || targets=(--target "$@")
  say "building build/$preset" "$@"
  cmake --build "build/$preset" -j "$jobs" "${targets[@]}"
}

# web_build : web/dist, when a source changed since the last time.
web_build() {
  [ -f web/package.json ] || return 0
  install_npm web
  local stamp=build/web_built sources
  sources=$(git ls-files -z --cached --others --exclude-standard web schemas |
    xargs -0 -r sha256sum 2>/dev/null | sha256sum)
  if [ -d web/dist ] && [ -f "$stamp" ] && [ "$(<"$stamp")" = "$sources" ]; then
    return 0
  fi
  say "building the web screens"
  (cd web && npm run build --silent </dev/null) || fail "the web screens do not build"
  printf '%s\n' "$sources" >"$stamp"
}

command_build() {
  local preset=dev
  if [ $# -gt 0 ] && is_preset "$1"; then
    preset=$1
    shift
  fi
  build_preset "$preset" "$@"
}

command_web() { web_build; }

command_up() {
  build_preset release fansipan
  web_build
  local program=build/release/src/cli/fansipan
  local given=" ${*/%=*/} " arguments=(--api-description schemas/openapi.yaml)
  [ ! -d web/dist ] || arguments+=(--web web/dist)
  [[ $given == *" --center "* ]] || arguments+=(--center centers/laocai)
  [[ $given == *" --data "* ]] || arguments+=(--data "${FANSIPAN_DATA:-var}")
  say "starting" up "${arguments[@]}" "$@"
  exec "$program" up "${arguments[@]}" "$@"
}

command_clean() {
  say "removing build, web/dist and the npm packages; data in ${FANSIPAN_DATA:-var} stays"
  rm -rf build web/dist web/node_modules third_party/*/node_modules
}

bench_names="intake freshness panel as-of explain viewers restart memory clocks territory decode"

# command_bench [name...] [--option value...] : all benches, or the named ones, each in a process of
# its own; all run even when one cannot measure. The peer is left out where it cannot be installed.
command_bench() {
  local names=() options=() failed=() name
  while [ $# -gt 0 ] && [[ "$1" != -* ]]; do
    names+=("$1")
    shift
  done
  options=("$@")
  [ ${#names[@]} -gt 0 ] || read -ra names <<<"$bench_names"
  for name in "${names[@]}"; do
    [[ " $bench_names soak " == *" $name "* ]] || fail "no bench '$name'; there are: $bench_names soak"
  done
  build_preset release budgets
  if [[ " ${names[*]} " == *" intake "* && " ${options[*]} " != *" --no-peer "* ]]; then
    (install_packages bench) || say "PostgreSQL cannot be installed; intake runs without its peer"
  fi
  for name in "${names[@]}"; do
    say "bench $name" "${options[@]}"
    build/release/bench/budgets "$name" --program "$root/build/release/src/cli/fansipan" \
      --data "$root/build/bench-data" --results "$root/bench/results" "${options[@]}" ||
      failed+=("$name")
  done
  [ ${#failed[@]} -eq 0 ] || fail "could not measure: ${failed[*]}"
}
