#!/usr/bin/env bash
# Makes docs/example/report.html and docs/example.png from a run's folder: docs/make-example.sh results/RUN
# The picture needs Chromium; without one only the page is made.
set -euo pipefail
cd "$(dirname "$0")/.."
run=${1:?name the folder of a run, as in: docs/make-example.sh results/RUN}
./build.sh Report --results "$(dirname "$run")" --run "$(basename "$run")" >/dev/null
mkdir -p docs/example
# The example has no artefacts beside it: its links into them would lead nowhere.
sed -E 's#<a href="test_fault_scenario[^"]*">([^<]*)</a>#\1#g' "$run/report.html" >docs/example/report.html
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
  echo "No Chromium is installed: docs/example.png stays as it is." >&2
  exit 0
fi
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
"$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --host-resolver-rules="MAP * ~NOTFOUND" --hide-scrollbars --user-data-dir="$profile" --window-size=1160,1000 \
  --screenshot="$PWD/docs/example.png" "file://$PWD/docs/example/report.html" 2>/dev/null
