#!/usr/bin/env bash
# Makes the tool's container image from its archive without a container engine, and imports it where containerd is asked to.
#   image.sh [--import] [TOOL [ARCHIVE]]
# TOOL: what ./build.sh Pack wrote; the only one in artifacts/package/release where it is not named.
# ARCHIVE (docker format, one layer; default artifacts/tool-image.tar) also goes into `docker load` and `kind load image-archive`.
# --import hands it to containerd's k8s.io namespace; CONTAINERD_ADDRESS names its socket where that is not the usual one.
# The image: faultmatrix/tool:1, user 65532, nothing written to its file system; the archive, the libraries that it links, and a shell.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fs=''
# shellcheck source=/dev/null
. "$root/deploy/image-parts.sh"
name=faultmatrix/tool:1
import=0
if [[ ${1:-} == --import ]]; then import=1; shift; fi
if (($# > 2)) || [[ ${1:-} == -* ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
if (($# == 0)); then
  found=("$root"/artifacts/package/release/faultmatrix-*-linux-*.tar.gz)
  [[ ${#found[@]} == 1 && -f ${found[0]} ]] || { echo "name the tool's archive; ./build.sh Pack makes it" >&2; exit 2; }
  set -- "${found[0]}"
fi
tool=$1
archive=${2:-$root/artifacts/tool-image.tar}

begin_image "$archive" faultmatrix sh readlink dirname
mkdir -p "$fs/opt/faultmatrix"
tar -xzf "$tool" -C "$fs/opt/faultmatrix" --strip-components=1
add_libraries opt/faultmatrix/dotnet bin
write_image "$name" "$archive" '"Cmd":["faultmatrix","--help"],
"Env":["PATH=/opt/faultmatrix:/bin","DOTNET_EnableDiagnostics=0"]'

if ((import)); then import_image "$name" "$archive"; fi
