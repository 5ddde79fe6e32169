#!/usr/bin/env bash
# Builds the server and runs it, with a PostgreSQL and a Redis of its own and demo data, until Ctrl-C.
# Arguments go to the server: --items N loads bigger demo data.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

need_dotnet
[ -n "${ConnectionStrings__Inventory:-}" ] || need_postgres
[ -n "${ConnectionStrings__Redis:-}" ] || need_program redis-server redis-server
install_missing
build src/Inventory.Server

export ASPNETCORE_ENVIRONMENT=Development
server_environment
exec dotnet "$root/src/Inventory.Server/bin/Release/net10.0/Inventory.Server.dll" "$@"
