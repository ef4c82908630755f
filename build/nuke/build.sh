#!/usr/bin/env bash
# Starts the NUKE build from any folder.
set -euo pipefail
exec dotnet run --project "$(CDPATH='' cd -- "$(dirname "${BASH_SOURCE[0]}")" && pwd)/_build.csproj" -- "$@"
