using FaultTolerance.Faults.Processes;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// What sends a signal in a container: a fixed text for a POSIX shell, whose every variable part is an argument. It uses builtins alone, but
/// for <c>sleep</c> (done without where it is missing).
/// </summary>
internal static class KillScript
{
    /// <summary>
    /// <c>$1</c> signal name without SIG; <c>$2</c> how often to look; then pairs of PID and start time. Kills each that is still itself, then looks until all are
    /// gone or the looks are used up. Prints <c>sent PID</c>, <c>failed PID</c>, <c>gone PID</c>, <c>zombie PID</c>, and <c>alive PID</c> at the end.
    /// </summary>
    public const string Kill = """
        sig=$1; looks=$2; shift 2
        stat() {
          st=; sa=; s=
          { while IFS= read -r l || [ -n "$l" ]; do s="$s$l "; done; } 2>/dev/null <"/proc/$1/stat" || return 1
          [ -n "$s" ] || return 1
          set -f; set -- ${s##*)}; set +f
          st=$1; shift 19; sa=$1
        }
        look() {
          stat "$1" 2>/dev/null && [ "$sa" = "$2" ] || { echo "gone $1"; return 0; }
          case $st in Z|X) echo "zombie $1"; return 0;; esac
          return 1
        }
        left=
        while [ $# -ge 2 ]; do
          if stat "$1" 2>/dev/null && [ "$sa" = "$2" ]; then
            if kill -s "$sig" "$1" 2>/dev/null; then echo "sent $1"; left="$left $1 $2"
            else look "$1" "$2" || echo "failed $1"; fi
          else echo "vanished $1"; fi
          shift 2
        done
        command -v sleep >/dev/null 2>&1 && nap=1 || nap=
        n=0
        while [ -n "$left" ] && [ $n -lt $looks ]; do
          set -- $left; left=
          while [ $# -ge 2 ]; do look "$1" "$2" || left="$left $1 $2"; shift 2; done
          [ -n "$left" ] || break
          n=$((n + 1))
          if [ -n "$nap" ]; then sleep 0.02 2>/dev/null || sleep 1; else n=$looks; fi
        done
        set -- $left
        while [ $# -ge 2 ]; do echo "alive $1"; shift 2; done
        """;

    /// <summary>The command for <see cref="Kill"/>.</summary>
    /// <param name="signal">Signal name, or <c>0</c> to look only.</param>
    /// <param name="processes">The processes.</param>
    /// <param name="looks">How often to look, 20 ms or more apart; those left are asked for again by the caller.</param>
    public static IReadOnlyList<string> KillCommand(string signal, IEnumerable<ContainerProcess> processes, int looks = 50)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(processes);
        var name = signal.StartsWith("SIG", StringComparison.Ordinal) ? signal[3..] : signal;
        return ["/bin/sh", "-c", Kill, ProcessScript.Marker, name, $"{looks}", .. processes.SelectMany(p => new[] { $"{p.Pid}", $"{p.Start}" })];
    }
}
