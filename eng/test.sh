#!/usr/bin/env bash
# The whole suite, on servers of its own. Ends with "N passed, N failed". Arguments go to dotnet test.
set -euo pipefail
. "$(dirname "$0")/setup.sh"
cd "$root"

need_dotnet
need_postgres
need_program redis-server redis-server
need_program node nodejs
need_program npm npm
need_program chromium chromium
need_rabbitmq
install_missing

while read -r package; do
  folder=$(dirname "$package")
  [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] ||
    npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error </dev/null
done < <(find . -name package.json -not -path '*/node_modules/*' -not -path '*/bin/*' -not -path './artifacts/*')

# No change of the protos may break callers: against the last commit where they are being changed, else its parent. What
# is not there (no git, a clone of depth 1) cannot be compared with, and is said.
breaking() {
  local base=HEAD before
  [ -n "$(git status --porcelain -- protos 2>/dev/null)" ] || base=HEAD^
  if ! git rev-parse --quiet --verify "$base^{commit}:protos" >/dev/null 2>&1; then
    echo "buf breaking: there is no earlier commit here to compare the protos with"
    return 0
  fi
  before=$(mktemp -d)
  git archive "$base" protos | tar -x -C "$before"
  local code=0
  (cd protos && node_modules/.bin/buf breaking --against "$before/protos") || code=$?
  rm -rf "$before"
  return $code
}

dotnet tool restore >/dev/null
dotnet csharpier check .
npm run --silent lint --prefix protos
breaking
build Inventory.Grpc.sln

log=artifacts/test.log
code=0
dotnet test --solution Inventory.Grpc.sln -c Release --no-build --no-progress "$@" 2>&1 | tee $log || code=$?

# The last of each, from the summary over all projects.
count() { sed -n "s/^  $1: \([0-9]*\)$/\1/p" $log | tail -n 1; }
passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)
broken=$(count error)
[ -n "$passed" ] || fail "the tests did not run"
[ "$skipped" -eq 0 ] || echo "$skipped skipped: nothing may be, so each counts as failed"
[ -z "$broken" ] || echo "$broken projects crashed or ran no test: each counts as failed"
failed=$((failed + skipped + ${broken:-0}))
[ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || fail "dotnet test ended with $code"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
