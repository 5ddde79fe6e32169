# Sourced by the scripts beside it: finds what they need, and installs Debian's packages when root runs them.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
missing=()

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

need_dotnet() {
  local version
  version=$(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' "$root/global.json")
  (cd "$root" && dotnet --version) >/dev/null ||
    fail "the .NET SDK $version (global.json) is not installed: https://dotnet.microsoft.com/download/dotnet/10.0"
}

need_postgres() {
  local initdb
  for initdb in /usr/lib/postgresql/*/bin/initdb; do
    [[ $initdb =~ /postgresql/([0-9]+)/ && ${BASH_REMATCH[1]} -ge 15 ]] && return
  done
  missing+=(postgresql)
}

# Its programs are for root and its own user; the tests run what lies behind them.
need_rabbitmq() {
  compgen -G '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server' >/dev/null || missing+=(rabbitmq-server)
}

# need_program name package
need_program() {
  command -v "$1" >/dev/null || missing+=("$2")
}

# The packages are wanted for their programs. Their services stay off, now and at the next boot, and no cluster is made.
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "not installed: ${missing[*]}. On Debian or Ubuntu: sudo apt-get install ${missing[*]}"
  echo "Installing ${missing[*]}" >&2
  local policy=/usr/sbin/policy-rc.d clusters=/etc/postgresql-common/createcluster.d/inventory-grpc.conf
  while_installing=("$clusters")
  trap 'rm -f "${while_installing[@]}"' EXIT
  mkdir -p "$(dirname $clusters)"
  echo 'create_main_cluster = false' >$clusters
  if [ ! -e $policy ]; then
    while_installing+=("$policy")
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  {
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      -o DPkg::Lock::Timeout=300 "${missing[@]}"
    for package in "${missing[@]}"; do
      case $package in postgresql | redis-server | rabbitmq-server) systemctl disable "$package" || true ;; esac
    done
  } >&2
  rm -f "${while_installing[@]}"
  trap - EXIT
}

# One build at a time: two starts share this folder. Nothing of the compiler stays behind.
build() {
  local locked=()
  [ -z "${CI:-}" ] || locked=(-p:RestoreLockedMode=true)
  mkdir -p "$root/artifacts"
  (
    cd "$root"
    flock 9
    dotnet build "$1" -c Release -v quiet -nologo -clp:NoSummary --disable-build-servers "${locked[@]}" >&2
  ) 9>"$root/artifacts/build.lock"
}

# What the server is run with; what the caller has set stands.
server_environment() {
  local line
  while IFS= read -r line; do
    case $line in
      '' | '#'*) ;;
      *) [ -n "$(printenv "${line%%=*}")" ] || export "${line?}" ;;
    esac
  done <"$root/eng/server.env"
}
