# Installs what a command needs: Debian packages, Node.js, npm packages. Sourced by ./dev.

# install_packages group... : the packages of tools/packages.txt in these groups that are missing.
install_packages() {
  local group wanted missing=()
  command -v dpkg-query >/dev/null || fail "this needs Debian 12 (dpkg is not here)"
  for group in "$@"; do
    mapfile -t wanted < <(awk -v group="$group" '$1 == group {print $2}' tools/packages.txt)
    mapfile -t -O "${#missing[@]}" missing < <(missing_packages "${wanted[@]}")
  done
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk '$2 == "installed" {print $1}' || true)
  comm -13 <(sort -u <<<"$installed") <(printf '%s\n' "$@" | sort -u)
}

apt_install() {
  say "installing Debian packages: $*"
  keep_services_quiet "$@"
  # RUNLEVEL=1 keeps packages from starting a service where no init system runs.
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get
    -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  "${apt[@]}" update </dev/null >/dev/null || say "apt-get update failed; trying what is known"
  "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >build/apt.log 2>&1 || {
    tail -n 20 build/apt.log >&2
    fail "apt-get could not install: $* (all of it: build/apt.log)"
  }
}

# prometheus is installed for promtool only, PostgreSQL for clusters of the benches' own: neither
# may listen, and PostgreSQL makes no cluster of the system.
keep_services_quiet() {
  local clusters=/etc/postgresql-common/createcluster.conf
  if [[ " $* " == *" postgresql-15 "* && ! -e $clusters ]]; then
    as_root mkdir -p "${clusters%/*}"
    as_root sh -c "echo 'create_main_cluster = false' >$clusters"
  fi
  if [[ " $* " == *" prometheus "* && -d /run/systemd/system ]]; then
    as_root systemctl mask --quiet prometheus.service
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@" || fail "sudo would not run '$1' without a password; install as root: $*"
  else
    fail "run as root or install sudo; needed: $*"
  fi
}

# What the web tools ask for; Debian 12's Node.js 18 is too old.
node_is_new_enough() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24 ? 0 : 1)' \
    >/dev/null 2>&1
}

# install_node : the machine's Node.js and npm where they are new enough. Otherwise puts those of
# third_party/node first on the path, fetched with Debian's. Both, since an npm that runs on an old
# Node.js leaves out what a newer one needs.
install_node() {
  if node_is_new_enough && command -v npm >/dev/null; then
    return
  fi
  [ -x /usr/bin/npm ] || apt_install npm
  PATH=/usr/bin:$PATH fetch_npm third_party/node
  export PATH="$root/third_party/node/node_modules/.bin:$PATH"
  hash -r
  node_is_new_enough || fail "the Node.js of third_party/node does not run; install 20.19 or newer"
}

# install_npm folder : its npm packages, and Node.js to use them.
install_npm() {
  install_node
  fetch_npm "$1"
}

# fetch_npm folder : npm ci, when the lock file has changed since the last time.
fetch_npm() {
  local folder=$1 stamp=$1/node_modules/.installed lock
  lock=$(sha256sum "$folder/package.json" "$folder/package-lock.json")
  if [ -f "$stamp" ] && [ "$(<"$stamp")" = "$lock" ]; then
    return
  fi
  say "installing npm packages of $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error </dev/null) ||
    fail "npm could not install the packages of $folder"
  printf '%s\n' "$lock" >"$stamp"
}
