#!/usr/bin/env bash
# Makes docs/example/report.html, docs/example.png and docs/example-row.png from a run's folder: docs/make-example.sh results/RUN
# The pictures need Chromium; without one only the page is made.
set -euo pipefail
cd "$(dirname "$0")/.."
run=${1:?name the folder of a run, as in: docs/make-example.sh results/RUN}
./build.sh Report --results "$(dirname "$run")" --run "$(basename "$run")" >/dev/null
mkdir -p docs/example
# The example has no artefacts beside it: its links into them would lead nowhere.
sed -E 's#<a href="test_fault_scenario[^"]*">([^<]*)</a>#\1#g' "$run/report.html" >docs/example/report.html
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
  echo "No Chromium is installed: the pictures stay as they are." >&2
  exit 0
fi
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

shoot() {
  "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --host-resolver-rules="MAP * ~NOTFOUND" --hide-scrollbars --user-data-dir="$profile/browser" --window-size="$1" \
    --blink-settings=preferredColorScheme=1 --screenshot="$PWD/docs/$2" "file://$3" 2>/dev/null
}

# The first window of the page; and the first row with a fault, by hiding all else.
shoot 1160,760 example.png "$PWD/docs/example/report.html"
row=$(grep -oE 'id="s-[^"]*-(frontend|decode_worker)"' docs/example/report.html | head -n 1 | cut -d'"' -f2 || true)
if [ -n "$row" ]; then
  sed "s|</style>|header,#matrix,h2,footer,section.row:not(#$row){display:none}section.row{border:0!important}</style>|" docs/example/report.html >"$profile/row.html"
  shoot 1160,860 example-row.png "$profile/row.html"
fi
