#!/usr/bin/env bash
# Starts the front; builds it first when a source is newer than it.
set -euo pipefail

# The folder of the script itself, also when it was called by a link to it. CDPATH would send cd elsewhere.
SOURCE=${BASH_SOURCE[0]}
while [ -L "$SOURCE" ]; do
  LINK=$(readlink "$SOURCE")
  case $LINK in /*) SOURCE=$LINK ;; *) SOURCE=$(dirname "$SOURCE")/$LINK ;; esac
done
SCRIPT_DIR=$(CDPATH='' cd -- "$(dirname "$SOURCE")" && pwd)

###########################################################################
# CONFIGURATION
###########################################################################

BUILD_PROJECT_FILE="$SCRIPT_DIR/build/_build.csproj"
TEMP_DIRECTORY="$SCRIPT_DIR/.nuke/temp"
OUTPUT_DIRECTORY="$SCRIPT_DIR/artifacts/bin/_build/release"
DOTNET_INSTALL_URL="https://dot.net/v1/dotnet-install.sh"

###########################################################################
# EXECUTION
###########################################################################

# A descriptor that is closed would be given to the first file that is opened, and what is written then lands in it.
[ -e /dev/fd/0 ] || exec 0< /dev/null
[ -e /dev/fd/1 ] || exec 1< /dev/null
[ -e /dev/fd/2 ] || exec 2> /dev/null

refuse() {
  echo "error $1: $2" >&2 || true
  exit 2
}

# What MSBuild cannot bear in the path of a project, told before anything is built or written elsewhere.
case $SCRIPT_DIR in
  *[\'%\;*?\"]* | *'$'\(* | *'@('* | *$'\n'*)
    refuse FT0115 "the path of this checkout holds one of ' % ; * ? \" \$( @( or a line break, which MSBuild cannot bear; move it: ${SCRIPT_DIR//$'\n'/ }"
    ;;
esac
if [ ! -d "${TMPDIR:-/tmp}" ] || [ ! -w "${TMPDIR:-/tmp}" ]; then
  refuse FT0116 "TMPDIR names ${TMPDIR:-/tmp}, which is no folder that can be written; name another or unset it."
fi
FILES=$(ulimit -S -n)
if [ "$FILES" != unlimited ] && [ "$FILES" -lt 512 ] && ! ulimit -S -n 512 2> /dev/null; then
  refuse FT0117 "only $FILES files may be open at a time, and at least 512 are needed; raise the limit with ulimit -n 512."
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Profile-guided recompilation costs more than it can win back, in the build and in a run (15 % of the processor time of a run).
export DOTNET_TieredPGO=0
# A program that is killed would leave its sockets for debuggers in the folder for temporary files.
export DOTNET_EnableDiagnostics=${DOTNET_EnableDiagnostics-0}
PROGRAM="$OUTPUT_DIRECTORY/faultmatrix.dll"
STAMP="$OUTPUT_DIRECTORY/.built"

# The stamp is made before a build and holds the dotnet that built. A folder's time tells of a file that was deleted.
is_fresh() {
  [ -f "$STAMP" ] && [ -f "$PROGRAM" ] && read -r DOTNET < "$STAMP" && [ -x "$DOTNET" ] || return 1
  [ -z "$(find "$SCRIPT_DIR/src" "$SCRIPT_DIR/build" "$SCRIPT_DIR/eng" "$SCRIPT_DIR"/Directory.* "$SCRIPT_DIR/global.json" \
    \( -name bin -o -name obj -o -name artifacts -o -path "$SCRIPT_DIR/build/nuke" \) -prune -o -newer "$STAMP" -print -quit)" ]
}

# A dotnet that resolves the SDK of global.json: DOTNET_ROOT's, the PATH's, our own copy, or a fetched one.
find_dotnet() {
  local candidate
  for candidate in "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "$(command -v dotnet || true)" "$TEMP_DIRECTORY/dotnet/dotnet"; do
    if [ -x "$candidate" ] && (cd "$SCRIPT_DIR" && "$candidate" --version > /dev/null 2>&1); then
      DOTNET=$candidate
      return
    fi
  done
  echo "No .NET SDK as global.json names it was found; fetching one into .nuke/temp/dotnet." >&2
  mkdir -p "$TEMP_DIRECTORY"
  if ! fetch "$DOTNET_INSTALL_URL" "$TEMP_DIRECTORY/dotnet-install.sh" ||
    ! bash "$TEMP_DIRECTORY/dotnet-install.sh" --jsonfile "$SCRIPT_DIR/global.json" --install-dir "$TEMP_DIRECTORY/dotnet" --no-path >&2; then
    echo "error FT0111: the .NET SDK that global.json names could not be fetched with $DOTNET_INSTALL_URL; install it from https://dot.net/download and run this again." >&2
    exit 2
  fi
  DOTNET="$TEMP_DIRECTORY/dotnet/dotnet"
}

fetch() {
  if command -v curl > /dev/null; then curl -fsSL "$1" -o "$2"; else wget -q "$1" -O "$2"; fi
}

build_front() {
  local log status=0
  is_fresh && return
  find_dotnet
  echo "Building FaultMatrix (a source is newer than the program) ..." >&2 || true
  mkdir -p "$OUTPUT_DIRECTORY"
  printf '%s\n' "$DOTNET" > "$STAMP.new"
  # Nobody who wants to run the tool waits for what judges its sources: ./build.sh Test compiles them again, with all analysers.
  # What CI systems call VERSION, PLATFORM and the like would be properties of our projects.
  log=$(unset VERSION Version PLATFORM Platform CONFIGURATION Configuration; "$DOTNET" build "$BUILD_PROJECT_FILE" -c Release -nologo -v:q -nodeReuse:false --tl:off -p:RunAnalyzers=false 2>&1) || status=$?
  if [ "$status" -ne 0 ]; then
    printf '%s\n' "$log" >&2
    exit "$status"
  fi
  mv "$STAMP.new" "$STAMP"
}

# Two at once: one builds, the other waits and finds it done.
build_locked() {
  mkdir -p "$TEMP_DIRECTORY"
  if command -v flock > /dev/null; then
    exec 9> "$TEMP_DIRECTORY/build.lock"
    flock 9
    build_front 9>&-
    exec 9>&-
    return
  fi
  local lock="$TEMP_DIRECTORY/build.lock.d" owner
  until mkdir "$lock" 2> /dev/null; do
    owner=$(cat "$lock/pid" 2> /dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2> /dev/null; then rm -rf "$lock"; else sleep 0.2; fi
  done
  echo $$ > "$lock/pid"
  trap 'rm -rf "$TEMP_DIRECTORY/build.lock.d"' EXIT
  build_front
  rm -rf "$lock"
  trap - EXIT
}

is_fresh || build_locked

# For the tool, and what it starts: the compiler, which runs before it, takes longer with these.
# Every scenario is a short-lived process: recompiling methods that were called only 30 times costs another 15 %.
export DOTNET_TC_CallCountThreshold=0x1000
# Idle pool threads sleep at once: what they spin is a fifth of front and engine, and the graphs beside them wait for it.
export DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0
# The collector would let its youngest generation grow with the processor's cache, to no gain in time: 50 MB of a run's reading.
export DOTNET_GCgen0size=0x1000000
# What reads runs is at its loops at once, and does not wait for 0.1 s of calm before they are optimised: a seventh of the time. With a
# smaller youngest generation it needs 12 MB less, and is as fast.
case ${1:-} in
  Parse | Report | Compare | Merge | History) export DOTNET_TC_CallCountingDelayMs=0x14 DOTNET_GCgen0size=0x400000 ;;
esac
exec "$DOTNET" exec "$PROGRAM" "$@"
