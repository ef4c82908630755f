#!/usr/bin/env bash
# Fuzzes one reader with afl++ until interrupted: tests/Fuzz/run.sh client-log|pod-log|timeline|scenarios [SECONDS]
# Installs afl++ from Debian's packages and SharpFuzz's instrumenter as a tool of its own folder. Findings: artifacts/fuzz/TARGET/default/crashes;
# look at one with: dotnet run --project tests/Fuzz -- TARGET FILE
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${1:?which reader: client-log, pod-log, timeline or scenarios}
seconds=${2:-}
if ! command -v afl-fuzz >/dev/null; then
    apt-get update -qq && apt-get install -y -qq afl++ >/dev/null
fi
tools=artifacts/fuzz/tools
[ -x "$tools/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$tools"
dotnet build tests/Fuzz -c Release -v q -nologo -p:AheadOfTime=false # its instrumenter takes no machine code
bin=artifacts/fuzz/bin
rm -rf "$bin" && cp -r artifacts/bin/Fuzz/release "$bin"
"$tools/sharpfuzz" "$bin/FaultTolerance.Tasks.dll"
mkdir -p "artifacts/fuzz/$target"
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 DOTNET_TieredPGO=0
exec afl-fuzz -i "tests/Fuzz/corpus/$target" -o "artifacts/fuzz/$target" ${seconds:+-V "$seconds"} -t 10000 -m none -- dotnet "$bin/Fuzz.dll" "$target"
