#!/usr/bin/env bash
# Makes the stand-in's container image without a container engine, and imports it where containerd is asked to.
#   image.sh [--import] [ARCHIVE]
# ARCHIVE (docker format, one layer; default artifacts/stand-in-image.tar) also goes into `docker load` and `kind load image-archive`.
# --import hands it to containerd's k8s.io namespace; CONTAINERD_ADDRESS names its socket where that is not the usual one.
# The image: faultmatrix/stand-in:1, user 65532, nothing written to its file system; the program, with its runtime where it is no machine
# code, the libraries that it links, and the shell with tr, sleep, dd, rm and wc for the faults that are injected through exec.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fs=''
# shellcheck source=/dev/null
. "$root/deploy/image-parts.sh"
name=faultmatrix/stand-in:1
import=0
if [[ ${1:-} == --import ]]; then import=1; shift; fi
if (($# > 1)) || [[ ${1:-} == -* ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
archive=${1:-$root/artifacts/stand-in-image.tar}
image_architecture >/dev/null

# The program that the local cluster runs, where it is machine code; it is built here where a source is newer. Else one with its runtime.
"$root/build.sh" --help >/dev/null
image=$root/artifacts/bin/FaultTolerance.StandIn/release/image
if [[ ! -x $image/lib/FaultTolerance.StandIn || -e $image/lib/FaultTolerance.StandIn.dll ]]; then
  "${DOTNET_ROOT:+$DOTNET_ROOT/}dotnet" build "$root/src/FaultTolerance.StandIn/FaultTolerance.StandIn.csproj" \
    -c Release -p:SelfContained=true -nologo -v:q -nodeReuse:false --tl:off >&2
  image=$root/artifacts/bin/FaultTolerance.StandIn/release_self-contained/image
fi

begin_image "$archive" stand-in sh tr sleep dd rm wc
mkdir -p "$fs/opt/stand-in"
cp -a "$image/bin" "$image/lib" "$fs/opt/stand-in/"
find "$fs/opt/stand-in/lib" \( -name '*.pdb' -o -name '*.xml' -o -name createdump \) -delete
add_libraries opt/stand-in/lib bin
write_image "$name" "$archive" '"Cmd":["stand-in"],
"Env":["PATH=/opt/stand-in/bin:/bin","DOTNET_EnableDiagnostics=0","DOTNET_GCgen0size=0x400000","DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"]'

if ((import)); then import_image "$name" "$archive"; fi
