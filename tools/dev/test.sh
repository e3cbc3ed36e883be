# Runs the tests and counts them. Sourced by ./dev.

# command_test [--long] [--preset P] [ctest argument...]
# --long: then the fuzz targets, too, a minute each. With ctest arguments (such as -R name) only the
# C++ and system tests they choose run.
command_test() {
  local preset=dev long=
  while [[ "${1:-}" =~ ^--(long|preset)$ ]]; do
    if [ "$1" = --long ]; then
      long=yes
      shift
      continue
    fi
    preset=${2:-}
    case $preset in
      dev | tsan | release) shift 2 ;;
      *) fail "--preset takes: dev, tsan, release" ;;
    esac
  done
  install_packages build test
  install_node
  local results=$root/build/results expected=(ctest.xml)
  rm -rf "$results"
  mkdir -p "$results"
  if ! (web_build && build_preset "$preset"); then
    say "nothing was tested: the build failed"
    echo "0 passed, 1 failed, 0 skipped"
    return 1
  fi
  run_ctest "$preset" "$results/ctest.xml" "$@" || true
  if [ $# -eq 0 ]; then
    expected+=(python.xml)
    say "tests of the checks"
    python3 tools/dev/python_tests.py tools "$results/python.xml" || true
    if [ -f web/package.json ]; then
      expected+=(web.xml)
      say "tests of the web screens"
      (cd web && npm test --silent -- --reporter=default --reporter=junit \
        --outputFile.junit="$results/web.xml" </dev/null) || true
    fi
  fi
  if [ -n "$long" ]; then
    expected+=(fuzz.xml)
    (fuzz_targets 60 "$results/fuzz.xml" "$(python3 tools/dev/fuzz.py list)") || true
  fi
  python3 tools/dev/summary.py "$results" "${expected[@]}"
}

run_ctest() {
  local preset=$1 output=$2 runner=()
  shift 2
  # ThreadSanitizer of gcc 12 cannot place its memory where the kernel randomises widely.
  [ "$preset" != tsan ] || runner=(setarch -R)
  export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:check_initialization_order=1}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
  local suppressions=$root/tools/sanitizers/thread.supp
  # Its detector of deadlocks ends the program when a thread holds more than 64 locks, as DuckDB does.
  export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:detect_deadlocks=0:suppressions=$suppressions}
  "${runner[@]}" ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure \
    --output-junit "$output" "$@" </dev/null
}
