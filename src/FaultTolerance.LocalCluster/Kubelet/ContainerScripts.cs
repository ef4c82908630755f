namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// The fixed texts for sh that put a container's process into its place. Whatever comes from a pod is an argument, never part of them.
/// </summary>
internal static class ContainerScripts
{
    // Whether $1 is a program, as a container's runtime asks; why not is printed in its words. "command -v" would find the shell's own.
    private const string Find =
        """
        __find() {
          case $1 in
            */*)
              [ -e "$1" ] || { echo "exec: \"$1\": stat $1: no such file or directory"; return 1; }
              [ -f "$1" ] && [ -x "$1" ] || { echo "exec: \"$1\": permission denied"; return 1; } ;;
            *)
              IFS=:; set -f
              for __dir in $PATH; do
                [ -f "${__dir:-.}/$1" ] && [ -x "${__dir:-.}/$1" ] && { unset IFS; set +f; return 0; }
              done
              echo "exec: \"$1\": executable file not found in \$PATH"; return 1 ;;
          esac
        }

        """ + "\n";

    /// <summary>Ends at once when the parent is not the one expected: it may have died before the death signal was set.</summary>
    public const string Guard = "[ \"$PPID\" = \"$1\" ] || exit 125; shift; exec \"$@\"";

    /// <summary>
    /// Waits for PID 1, the shell's first child in the new namespace. unshare itself would fork too, but loses the code of a child
    /// that SIGKILL ended (util-linux 2.38 exits with 1). The shell's own remarks ("Killed") are no container's output.
    /// </summary>
    public const string Parent =
        """
        exec 3>&2 2>/dev/null
        __setpriv=$1; shift
        "$__setpriv" --pdeathsig KILL -- "$1" -c "$2" init $$ "$@" 2>&3 3>&-
        exit $?
        """;

    /// <summary>
    /// Becomes PID 1. $1 parent's id; $4 mount, $5 an empty folder to build a view in, $6 working directory, then source and target of
    /// each mount up to "--", then the command. The host's /proc, still mounted at first, tells the process its id on the host; that
    /// line is the sign of success. It also tells the parent's, which must be the one expected: had it died before the death signal was
    /// set, nobody would. Mount points and working directories that are missing are made, as a container's runtime does, but in the
    /// container's own view: the nearest folder that is there is shown again on a tmpfs of the container's, and the rest made in that.
    /// </summary>
    public const string Init = Find +
        """
        read -r __pid _ _ __ppid _ </proc/self/stat || exit 125
        [ "$__ppid" = "$1" ] || exit 125
        __mount=$4 __stage=$5 __wd=$6; shift 6
        __own=: __volumes=
        __mirror() {
          "$__mount" -t tmpfs -o mode=755 tmpfs "$__stage" && chmod --reference="$1" "$__stage" || return 1
          for __e in "${1%/}"/* "${1%/}"/.[!.]* "${1%/}"/..?*; do
            __n=$__stage/${__e##*/}
            if [ -L "$__e" ]; then cp -P -- "$__e" "$__n" || return 1
            elif [ -d "$__e" ]; then mkdir -- "$__n" && "$__mount" --rbind -- "$__e" "$__n" || return 1
            elif [ -e "$__e" ]; then : >"$__n" && "$__mount" --bind -- "$__e" "$__n" || return 1
            fi
          done
          if [ "$1" = / ]; then cd "$__stage" && pivot_root . . && umount -l . && cd /
          else "$__mount" --move "$__stage" "$1"
          fi
        }
        __make() {
          [ ! -e "$1" ] || return 0
          __was=$PATH; PATH=/usr/sbin:/usr/bin:/sbin:/bin
          __up=${1%/*}
          while [ ! -d "${__up:=/}" ]; do __up=${__up%/*}; done
          case $__own in *":$__up:"*) __there=1;; *) __there=;; esac
          IFS=:; set -f
          for __v in $__volumes; do case ${__up%/}/ in "${__v:-.}"/*) __there=1;; esac; done
          unset IFS; set +f
          [ "$__there" ] || __mirror "$__up" || return 1
          if [ "$2" = file ]; then mkdir -p -- "${1%/*}/" && : >"$1"; else mkdir -p -- "$1"; fi || return 1
          __d=$1; while [ "$__d" ] && [ "$__d" != "$__up" ]; do __own=$__own$__d:; __d=${__d%/*}; done
          __own=$__own$__up:
          PATH=$__was
        }
        while [ "$1" != -- ]; do
          [ -d "$1" ] && __kind=folder || __kind=file
          __make "$2" "$__kind" && "$__mount" --bind -- "$1" "$2" || { echo "cannot mount at $2" >&2; exit 125; }
          __volumes=$__volumes:$2
          shift 2
        done
        shift
        __make "$__wd" folder || { echo "workingDir $__wd cannot be made" >&2; exit 125; }
        "$__mount" -t proc -o nosuid,nodev,noexec proc /proc || exit 125
        cd -- "$__wd" || exit 125
        __find "$1" >&2 || exit 127
        echo "$__pid"
        exec "$@" </dev/null
        """;

    /// <summary>A container without namespaces: $1 working directory, then the command.</summary>
    public const string PlainInit = Find +
        """
        [ -d "$1" ] || {
          echo "workingDir $1 is not there, and without mount namespaces it cannot be made for this container alone" >&2; exit 125
        }
        cd -- "$1" || exit 125
        shift
        __find "$1" >&2 || exit 127
        echo $$
        exec "$@" </dev/null
        """;

    /// <summary>
    /// A command in a running container: $1 working directory, $2 "merged" where errors are to go where output goes, then the command.
    /// The first line on standard output is empty when the command runs, and says why not otherwise.
    /// </summary>
    public const string Enter = Find +
        """
        cd -- "$1" 2>/dev/null || { echo "chdir to cwd (\"$1\") set in config.json failed: no such file or directory"; exit 126; }
        __merged=$2 __setpriv=$3; shift 3
        __find "$1" || exit 127
        echo
        [ "$__merged" != merged ] || exec 2>&1
        [ "$__setpriv" ] || exec "$@"
        exec "$__setpriv" --pdeathsig KILL -- "$@"
        """;
}
