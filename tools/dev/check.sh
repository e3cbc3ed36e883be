# Checks everything that can be checked without running the program. Sourced by ./dev.

check_steps="format includes sizes names places scripts headers web tidy"

# command_check [step...] : all steps, or the named ones; all run even when one fails.
command_check() {
  local step failed=() steps=("$@")
  [ $# -gt 0 ] || read -ra steps <<<"$check_steps"
  for step in "${steps[@]}"; do
    [[ " $check_steps " == *" $step "* ]] || fail "no check '$step'; there are: $check_steps"
  done
  install_packages build check
  for step in "${steps[@]}"; do
    say "check $step"
    # Here `set -e` is off, also inside the function: a check states each failure itself.
    ("check_$step") || failed+=("$step")
  done
  [ ${#failed[@]} -eq 0 ] || fail "checks failed: ${failed[*]}"
  say "all checks passed"
}

project_files() { git ls-files -z --cached --others --exclude-standard -- "$@" | existing; }

existing() { xargs -0 -r sh -c 'for f; do [ ! -f "$f" ] || printf "%s\0" "$f"; done' sh; }

# One line per file, at its first difference.
check_format() {
  local found
  found=$(project_files '*.h' '*.cpp' | xargs -0 -r clang-format-14 --dry-run 2>&1 |
    awk -F: '/clang-format/ && !seen[$1]++ {print $1 ":" $2 ": not formatted; run ./dev fmt"}')
  [ -z "$found" ] || {
    echo "$found"
    return 1
  }
}

check_includes() { python3 tools/check/includes.py; }
check_sizes() { python3 tools/check/sizes.py; }
check_names() { python3 tools/check/names.py; }
check_places() { python3 tools/check/places.py; }

check_scripts() {
  local script status=0
  while IFS= read -r -d '' script; do
    bash -n "$script" || status=1
  done < <(project_files dev .ci/run '*.sh')
  project_files '*.py' | xargs -0 -r python3 -c '
import ast, sys
for path in sys.argv[1:]:
    ast.parse(open(path, encoding="utf-8").read(), path)' || status=1
  return $status
}

check_headers() { build_preset dev headers; }

# Types, translations and lint of the screens, as web/package.json defines them.
check_web() {
  [ -f web/package.json ] || return 0
  install_npm web
  (cd web && npm run check --silent </dev/null)
}

check_tidy() {
  prepare dev
  # Configures again where a CMakeLists.txt has changed since.
  cmake --build build/dev --target build.ninja >/dev/null || fail "configuring build/dev failed"
  python3 tools/check/tidy.py
}

command_fmt() {
  install_packages build check
  project_files '*.h' '*.cpp' | xargs -0 -r clang-format-14 -i
  if [ -f web/package.json ]; then
    install_npm web
    (cd web && npm run format --if-present --silent </dev/null)
  fi
}
