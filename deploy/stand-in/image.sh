#!/usr/bin/env bash
# Makes the stand-in's container image without a container engine, and imports it where containerd is asked to.
#   image.sh [--import] [ARCHIVE]
# ARCHIVE (docker format, one layer; default artifacts/stand-in-image.tar) also goes into `docker load` and `kind load image-archive`.
# --import hands it to containerd's k8s.io namespace; CONTAINERD_ADDRESS names its socket where that is not the usual one.
# The image: faultmatrix/stand-in:1, user 65532, nothing written to its file system; the program with its runtime, the libraries that it
# links, and the shell with tr, sleep, dd, rm and wc for the faults that are injected through exec.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
name=faultmatrix/stand-in:1
import=0
if [[ ${1:-} == --import ]]; then import=1; shift; fi
if (($# > 1)) || [[ ${1:-} == -* ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
archive=${1:-$root/artifacts/stand-in-image.tar}
case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) echo "no image for $(uname -m)" >&2; exit 2 ;;
esac

dotnet=${DOTNET_ROOT:+$DOTNET_ROOT/}dotnet
"$dotnet" build "$root/src/FaultTolerance.StandIn/FaultTolerance.StandIn.csproj" \
  -c Release -p:SelfContained=true -nologo -v:q -nodeReuse:false --tl:off >&2
image=$root/artifacts/bin/FaultTolerance.StandIn/release_self-contained/image

mkdir -p "$(dirname "$archive")"
work=$(mktemp -d "$(dirname "$archive")/.image.XXXXXX")
trap 'rm -rf "$work"' EXIT
fs=$work/fs
mkdir -p "$fs"/{bin,etc,opt/stand-in}
mkdir -m 1777 "$fs/tmp"
cp -a "$image/bin" "$image/lib" "$fs/opt/stand-in/"
find "$fs/opt/stand-in/lib" \( -name '*.pdb' -o -name '*.xml' -o -name createdump \) -delete
for tool in sh tr sleep dd rm wc; do cp -L "$(command -v "$tool")" "$fs/bin/$tool"; done
printf 'root:x:0:0:root:/:/bin/sh\nstand-in:x:65532:65532:stand-in:/:/bin/sh\n' >"$fs/etc/passwd"
printf 'root:x:0:\nstand-in:x:65532:\n' >"$fs/etc/group"

libraries() { # what the program, its runtime and the shell link
  find "$fs/opt/stand-in/lib" "$fs/bin" -type f \( -name '*.so' -o -perm -100 \) -exec ldd {} + 2>/dev/null |
    awk '$3 ~ /^\/(usr\/)?lib/ { print $3 } $1 ~ /^\/lib/ && NF == 2 { print $1 }'
  # .NET opens these by name when it first speaks TLS, as the frontends do with the API server.
  ldconfig -p | awk '$1 ~ /^lib(ssl|crypto)\.so\.3$/ { print $NF }'
}
for library in $(libraries | sort -u); do cp -L --parents "$library" "$fs/"; done

tar -C "$fs" --sort=name --numeric-owner --owner=0 --group=0 --mtime=@0 -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
cat >"$work/config" <<END
{"architecture":"$architecture","os":"linux","created":"1970-01-01T00:00:00Z",
"config":{"User":"65532:65532","WorkingDir":"/","Cmd":["stand-in"],
"Env":["PATH=/opt/stand-in/bin:/bin","DOTNET_EnableDiagnostics=0","DOTNET_GCgen0size=0x400000","DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"]},
"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}
END
config=$(sha256sum "$work/config" | cut -d' ' -f1).json
mv "$work/config" "$work/$config"
printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$name" >"$work/manifest.json"
tar -C "$work" -cf "$work/archive" manifest.json "$config" layer.tar
mv "$work/archive" "$archive"
echo "$name: $archive, $(($(stat -c %s "$archive") / 1000000)) MB" >&2

if ((import)); then
  ctr -n k8s.io images import "$archive" >/dev/null
  echo "imported $name" >&2
fi
