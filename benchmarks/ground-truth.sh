#!/bin/sh
# Holds the ruler against known lengths: simulated outages on a simulated clock, through the real generator and the real parser.
# Shows the error of outage and recovery by kind of outage, the claims without a fault, and the p99 of a 2 s stall beside theory.
set -eu
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/FaultTolerance.Tasks.Tests -- --filter-class "*GroundTruth*" --show-live-output on --no-progress
