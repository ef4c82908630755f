using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// What ends processes in a container: fixed texts for a POSIX shell, whose every variable part is an argument. They use builtins alone,
/// but
/// for <c>sleep</c> (done without where it is missing) and what sets a limit.
/// </summary>
internal static class KillScript
{
    /// <summary>Shell function <c>stat PID</c>, which puts the state into <c>st</c> and the start time into <c>sa</c>.</summary>
    public const string Stat = """
        stat() {
          st=; sa=; s=
          { while IFS= read -r l || [ -n "$l" ]; do s="$s$l "; done; } 2>/dev/null <"/proc/$1/stat" || return 1
          [ -n "$s" ] || return 1
          set -f; set -- ${s##*)}; set +f
          st=$1; shift 19; sa=$1
        }
        """;

    /// <summary>
    /// <c>$1</c> rounds of <see cref="ContainerClock"/>; <c>$2</c> signal name without SIG; <c>$3</c> how often to look; then pairs of PID
    /// and
    /// start time. Kills each that is still itself, then looks until all are gone or the looks are used up. Prints <c>sent PID BEFORE
    /// AFTER</c>,
    /// <c>failed PID BEFORE AFTER</c>, <c>gone PID ALIVE GONE</c>, <c>zombie PID ALIVE GONE</c>, <c>vanished PID</c>, <c>still NOW</c>
    /// after each look that found some, and <c>alive PID</c> at the end. Times are by the container's clock: between the two it happened.
    /// </summary>
    public const string Kill = $$"""
        rounds=$1; sig=$2; looks=$3; shift 3
        {{ContainerClock.Script}}
        {{Stat}}
        look() {
          stat "$1" 2>/dev/null && [ "$sa" = "$2" ] || { now; echo "gone $1 $prev $up"; return 0; }
          case $st in Z|X) now; echo "zombie $1 $prev $up"; return 0;; esac
          return 1
        }
        left=
        while [ $# -ge 2 ]; do
          if stat "$1" 2>/dev/null && [ "$sa" = "$2" ]; then
            now; prev=$up
            if kill -s "$sig" "$1" 2>/dev/null; then now; echo "sent $1 $prev $up"; left="$left $1 $2"
            else look "$1" "$2" || echo "failed $1 $prev $up"; fi
          else echo "vanished $1"; fi
          shift 2
        done
        command -v sleep >/dev/null 2>&1 && nap=1 || nap=
        n=0
        while [ -n "$left" ] && [ $n -lt $looks ]; do
          set -- $left; left=
          now; this=$up
          while [ $# -ge 2 ]; do look "$1" "$2" || left="$left $1 $2"; shift 2; done
          [ -n "$left" ] || break
          prev=$this
          echo "still $prev"
          n=$((n + 1))
          if [ -n "$nap" ]; then sleep 0.02 2>/dev/null || sleep 1; else n=$looks; fi
        done
        set -- $left
        while [ $# -ge 2 ]; do echo "alive $1"; shift 2; done
        """;

    /// <summary>
    /// <c>$1</c> rounds of <see cref="ContainerClock"/>; <c>$2</c> PID; <c>$3</c> start time. Limits the process to a second of processor
    /// time,
    /// so that the kernel kills it: the one signal that PID 1 cannot be sent from inside. Prints <c>sent PID BEFORE AFTER HOW</c>,
    /// <c>failed PID</c> or <c>vanished PID</c>.
    /// </summary>
    public const string Crash = $$"""
        rounds=$1; pid=$2; start=$3
        {{ContainerClock.Script}}
        {{Stat}}
        stat "$pid" 2>/dev/null && [ "$sa" = "$start" ] || { echo "vanished $pid"; exit 0; }
        now; prev=$up; how=
        if command -v prlimit >/dev/null 2>&1 && prlimit --pid "$pid" --cpu=1:1 >/dev/null 2>&1; then how=prlimit
        else
          for python in python3 python; do
            command -v $python >/dev/null 2>&1 || continue
            $python -c 'import resource as r, sys; r.prlimit(int(sys.argv[1]), r.RLIMIT_CPU, (1, 1))' "$pid" >/dev/null 2>&1 || continue
            how=$python; break
          done
        fi
        [ -n "$how" ] || { echo "failed $pid"; exit 0; }
        now; echo "sent $pid $prev $up $how"
        """;

    /// <summary>The command for <see cref="Kill"/>.</summary>
    /// <param name="signal">Signal name, or <c>0</c> to look only.</param>
    /// <param name="processes">The processes.</param>
    /// <param name="looks">How often to look, 20 ms or more apart; those left are asked for again by the caller.</param>
    /// <param name="rounds">Rounds of <see cref="ContainerClock"/>; whoever asks for them must answer.</param>
    public static IReadOnlyList<string> KillCommand(string signal, IEnumerable<ContainerProcess> processes, int looks = 50, int rounds = 0)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(processes);
        var name = signal.StartsWith("SIG", StringComparison.Ordinal) ? signal[3..] : signal;
        var pairs = processes.SelectMany(p => new[] { $"{p.Pid}", $"{p.Start}" });
        return ["/bin/sh", "-c", Kill, ProcessScript.Marker, $"{rounds}", name, $"{looks}", .. pairs];
    }

    /// <summary>The command for <see cref="Crash"/>.</summary>
    /// <param name="process">The process.</param>
    /// <param name="rounds">Rounds of <see cref="ContainerClock"/>; whoever asks for them must answer.</param>
    public static IReadOnlyList<string> CrashCommand(ContainerProcess process, int rounds = 0)
    {
        ArgumentNullException.ThrowIfNull(process);
        return ["/bin/sh", "-c", Crash, ProcessScript.Marker, $"{rounds}", $"{process.Pid}", $"{process.Start}"];
    }
}
