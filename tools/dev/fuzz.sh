# Runs the fuzz targets. Sourced by ./dev.

# command_fuzz [seconds] [target...] : each target so long (60 s), all or the named ones.
command_fuzz() {
  local seconds=60 targets
  if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
  fi
  [ "$seconds" -gt 0 ] || fail "fuzz takes seconds from 1 up"
  targets=$(python3 tools/dev/fuzz.py list "$@") || return 1
  fuzz_targets "$seconds" build/fuzzing/results.xml "$targets"
}

# fuzz_targets seconds result.xml names, one a line
fuzz_targets() {
  local seconds=$1 result=$2 targets
  mapfile -t targets <<<"$3"
  build_preset fuzz "${targets[@]}" || return 1
  say "fuzzing ${#targets[@]} targets, $seconds s each, $jobs at once"
  FANSIPAN_JOBS=$jobs python3 tools/dev/fuzz.py run build/fuzz/fuzz "$seconds" "$result" "${targets[@]}"
}
