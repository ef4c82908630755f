#!/bin/sh
# Takes the real Dynamo (frontend, router, mocker) and the stand-in in profile today through the same faults and writes what clients saw of
# both to docs/beside-dynamo.md. Fails where an outage, a drain or an aftershock is more than 0.3 s apart, or a status or body differs.
#   benchmarks/beside-dynamo.sh ENVIRONMENT MODEL [ROW]    a Python environment with ai-dynamo, and the folder of a small model with its
#       tokenizer (stand-in model DIR writes one); with ROW only the rows with that in their names, and no table
# About nine minutes, on a machine that has little else to do: the real one's processes need a second of processor time each to start.
set -eu
cd "$(dirname "$0")/.."
[ $# -eq 2 ] || [ $# -eq 3 ] || { sed -n '2,6s/^# *//p' "$0" >&2; exit 2; }
FAULTMATRIX_DYNAMO=$(realpath "$1") FAULTMATRIX_DYNAMO_MODEL=$(realpath "$2") FAULTMATRIX_BESIDE_TABLE="$PWD/docs/beside-dynamo.md"
export FAULTMATRIX_DYNAMO FAULTMATRIX_DYNAMO_MODEL FAULTMATRIX_BESIDE_TABLE
if [ $# -eq 3 ]; then
  export FAULTMATRIX_BESIDE_ROW="$3"
  unset FAULTMATRIX_BESIDE_TABLE
fi
exec dotnet run -c Release --project tests/FaultTolerance.StandIn.Tests -- \
  --filter-method "*StandIn_throughAllFaults*" --explicit only --show-live-output on --no-progress
