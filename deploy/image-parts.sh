#!/usr/bin/env bash
# For stand-in/image.sh and tool/image.sh, which source it: a container image (docker format, one layer) of a folder, without a container
# engine. The image's files are below $work/fs.

# What this machine's architecture is called in an image.
image_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) echo "no image for $(uname -m)" >&2; return 2 ;;
  esac
}

# begin_image ARCHIVE USER PROGRAM...: $work beside the archive, removed at the end; $fs with /tmp, a user 65532 of that name, and these
# programs of this machine.
begin_image() {
  local archive=$1 user=$2 program
  shift 2
  mkdir -p "$(dirname "$archive")"
  work=$(mktemp -d "$(dirname "$archive")/.image.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  fs=$work/fs
  mkdir -p "$fs"/{bin,etc}
  mkdir -m 1777 "$fs/tmp"
  for program; do cp -L "$(command -v "$program")" "$fs/bin/$program"; done
  printf 'root:x:0:0:root:/:/bin/sh\n%s:x:65532:65532:%s:/:/bin/sh\n' "$user" "$user" >"$fs/etc/passwd"
  printf 'root:x:0:\n%s:x:65532:\n' "$user" >"$fs/etc/group"
}

# add_libraries FOLDER...: what the programs in these folders of $fs link, and what .NET opens by name when it first speaks TLS.
add_libraries() {
  local library
  for library in $({
    find "${@/#/$fs/}" -type f \( -name '*.so' -o -perm -100 \) -exec ldd {} + 2>/dev/null |
      awk '$3 ~ /^\/(usr\/)?lib/ { print $3 } $1 ~ /^\/lib/ && NF == 2 { print $1 }'
    ldconfig -p | awk '$1 ~ /^lib(ssl|crypto)\.so\.3$/ { print $NF }'
  } | sort -u); do cp -L --parents "$library" "$fs/"; done
}

# write_image NAME ARCHIVE CONFIG: the archive of $fs; CONFIG is the image's "config" but for its user and folder.
write_image() {
  local name=$1 archive=$2 settings=$3 architecture layer config
  architecture=$(image_architecture)
  tar -C "$fs" --sort=name --numeric-owner --owner=0 --group=0 --mtime=@0 -cf "$work/layer.tar" .
  layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  cat >"$work/config" <<END
{"architecture":"$architecture","os":"linux","created":"1970-01-01T00:00:00Z",
"config":{"User":"65532:65532","WorkingDir":"/",$settings},
"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}
END
  config=$(sha256sum "$work/config" | cut -d' ' -f1).json
  mv "$work/config" "$work/$config"
  printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$name" >"$work/manifest.json"
  tar -C "$work" -cf "$work/archive" manifest.json "$config" layer.tar
  mv "$work/archive" "$archive"
  echo "$name: $archive, $(($(stat -c %s "$archive") / 1000000)) MB" >&2
}

# import_image NAME ARCHIVE: into containerd, for Kubernetes.
import_image() {
  ctr -n k8s.io images import "$2" >/dev/null
  echo "imported $1" >&2
}
