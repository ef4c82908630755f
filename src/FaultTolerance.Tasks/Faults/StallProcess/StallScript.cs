using System.Globalization;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.StallProcess;

/// <summary>Stops processes, with a guard beside them that lets them go on when the time is over.</summary>
internal static class StallScript
{
    /// <summary>
    /// After the token and the seconds: pairs of PID and start time. The guard is there before the first stop. Prints <c>failed PID</c>,
    /// <c>vanished PID</c>, and <c>stands PIDS</c> once all that were stopped stand.
    /// </summary>
    private const string Stop = $$"""
        {{WorkScript.Head}}
        {{KillScript.Stat}}
        ( wait_out
          while [ $# -ge 2 ]; do stat "$1" 2>/dev/null && [ "$sa" = "$2" ] && kill -s CONT "$1" 2>/dev/null; shift 2; done
        ) </dev/null >/dev/null 2>&1 &
        left=; all=
        while [ $# -ge 2 ]; do
          if stat "$1" 2>/dev/null && [ "$sa" = "$2" ]; then
            if kill -s STOP "$1" 2>/dev/null; then left="$left $1"; all="$all $1"; else echo "failed $1"; fi
          else echo "vanished $1"; fi
          shift 2
        done
        n=0
        while [ -n "$left" ] && [ $n -lt 200 ]; do
          set -- $left; left=
          for p in "$@"; do stat "$p" 2>/dev/null && case $st in T|t) ;; *) left="$left $p";; esac; done
          n=$((n + 1)); [ -z "$left" ] || nap
        done
        [ -n "$all" ] && [ -z "$left" ] && echo "stands$all"
        """;

    /// <summary>The command.</summary>
    /// <param name="token">What the guard carries on its command line.</param>
    /// <param name="seconds">When the guard lets them go on.</param>
    /// <param name="processes">The processes.</param>
    public static IReadOnlyList<string> Command(string token, int seconds, IEnumerable<ContainerProcess> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        return WorkScript.Start(Stop, token, seconds, processes.SelectMany(process => new[]
        {
            process.Pid.ToString(CultureInfo.InvariantCulture), process.Start.ToString(CultureInfo.InvariantCulture),
        }));
    }
}
