#!/usr/bin/env bash
# Measures the ratios of BENCHMARKS.md on servers of its own, and writes them to artifacts/bench/ratios.json.
#   eng/bench.sh                      R1 to R13
#   eng/bench.sh --quick              R1, R2, R4 and R8
#   eng/bench.sh --only R3,R9         these; OVERLOAD, FOLLOW, FOLLOWERS, VERIFY, AUTH, FLOODS, SCANS and TRANSACTIONS only so
#   eng/bench.sh --bulk               instead: bulk updates beside one call a row
#   eng/bench.sh --against <folder>   this build beside another, published into that folder
#   eng/bench.sh --watchers 5000      reservations with and without so many watchers, and how soon those hear
set -euo pipefail
. "$(dirname "$0")/setup.sh"

need_dotnet
need_postgres
need_program redis-server redis-server
case "$*" in *FOLLOWERS*) need_rabbitmq ;; esac
install_missing

output=$root/artifacts/bench
build benchmarks/Inventory.Load/Inventory.Load.csproj
dotnet publish "$root/src/Inventory.Server" -c Release --no-build -v quiet -nologo -o "$output/server" >&2

server_environment
exec dotnet "$root/benchmarks/Inventory.Load/bin/Release/net10.0/Inventory.Load.dll" \
  --server "$output/server/Inventory.Server.dll" --output "$output/ratios.json" "$@"
