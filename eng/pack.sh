#!/usr/bin/env bash
# Packs the client for .NET services, and the stubs that it stands on, into artifacts/packages.
#   eng/pack.sh              for feeds that have gRPC's own packages
#   eng/pack.sh --grpc-api   also the stand-ins of src/grpc-api, for a feed that lacks them; never publish those
set -euo pipefail
. "$(dirname "$0")/setup.sh"

need_dotnet

projects=(src/Inventory.Protos src/Inventory.Client)
case ${1:-} in
  "") ;;
  --grpc-api) projects+=(src/grpc-api/Grpc.Core.Api src/grpc-api/Grpc.Net.Common) ;;
  *) fail "$1 is no option: there is --grpc-api" ;;
esac

build src/Inventory.Client/Inventory.Client.csproj
for project in "${projects[@]}"; do
  dotnet pack "$root/$project" -c Release --no-build -v quiet -nologo -p:PackGrpcApi=true -o "$root/artifacts/packages"
done
ls "$root/artifacts/packages"
