# Makes the first files of something new. Sourced by ./dev.

# command_new connector name
command_new() {
  [ $# -eq 2 ] && [ "$1" = connector ] || fail "usage: ./dev new connector NAME"
  python3 tools/new/connector.py "$root" "$2"
}
