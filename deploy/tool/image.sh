#!/usr/bin/env bash
# Makes the tool's container image from its archive without a container engine, and imports it where containerd is asked to.
#   image.sh [--import] [TOOL [ARCHIVE]]
# TOOL: what ./build.sh Pack wrote; the only one in artifacts/package/release where it is not named.
# ARCHIVE (docker format, one layer; default artifacts/tool-image.tar) also goes into `docker load` and `kind load image-archive`.
# --import hands it to containerd's k8s.io namespace; CONTAINERD_ADDRESS names its socket where that is not the usual one.
# The image: faultmatrix/tool:1, user 65532, nothing written to its file system; the archive, the libraries that it links, and a shell.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
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
case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) echo "no image for $(uname -m)" >&2; exit 2 ;;
esac

mkdir -p "$(dirname "$archive")"
work=$(mktemp -d "$(dirname "$archive")/.image.XXXXXX")
trap 'rm -rf "$work"' EXIT
fs=$work/fs
mkdir -p "$fs"/{bin,etc,opt/faultmatrix}
mkdir -m 1777 "$fs/tmp"
tar -xzf "$tool" -C "$fs/opt/faultmatrix" --strip-components=1
for program in sh readlink dirname; do cp -L "$(command -v "$program")" "$fs/bin/$program"; done
printf 'root:x:0:0:root:/:/bin/sh\nfaultmatrix:x:65532:65532:faultmatrix:/:/bin/sh\n' >"$fs/etc/passwd"
printf 'root:x:0:\nfaultmatrix:x:65532:\n' >"$fs/etc/group"

libraries() { # what the runtime and the shell link
  find "$fs/opt/faultmatrix/dotnet" "$fs/bin" -type f \( -name '*.so' -o -perm -100 \) -exec ldd {} + 2>/dev/null |
    awk '$3 ~ /^\/(usr\/)?lib/ { print $3 } $1 ~ /^\/lib/ && NF == 2 { print $1 }'
  # .NET opens these by name when it first speaks TLS.
  ldconfig -p | awk '$1 ~ /^lib(ssl|crypto)\.so\.3$/ { print $NF }'
}
for library in $(libraries | sort -u); do cp -L --parents "$library" "$fs/"; done

tar -C "$fs" --sort=name --numeric-owner --owner=0 --group=0 --mtime=@0 -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
cat >"$work/config" <<END
{"architecture":"$architecture","os":"linux","created":"1970-01-01T00:00:00Z",
"config":{"User":"65532:65532","WorkingDir":"/","Cmd":["faultmatrix","--help"],
"Env":["PATH=/opt/faultmatrix:/bin","DOTNET_EnableDiagnostics=0"]},
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
