using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// Gives a process that is limited to a second of processor time some work to do: one that never used that much would live on for ever. It
/// gets signals that it handles, and that do no harm.
/// </summary>
internal static class CrashWork
{
    /// <summary>
    /// <c>$1</c> PID; <c>$2</c> start time. Prints <c>still NOW</c> before each lot of signals, and <c>gone PID ALIVE GONE</c> where it is
    /// not there any more. The mask of the signals that it handles has a bit for each, the first one's the lowest (proc(5), SigCgt). Of
    /// signal 34, the first real-time one, each that is sent is handled (.NET and Go do, and ignore it from others); of the rest many at
    /// once count as one.
    /// </summary>
    public const string Script = $$"""
        rounds=0; pid=$1; start=$2; mask=; sigs=; n=0; up=
        {{ContainerClock.Script}}
        {{KillScript.Stat}}
        { while read -r key value; do case $key in SigCgt:) mask=$value;; esac; done; } 2>/dev/null <"/proc/$pid/status"
        mask=${mask:-0000000000000000}
        low=${mask#????????}
        for one in URG/0x400000 CHLD/0x10000 CONT/0x20000; do
          [ $((0x$low & ${one#*/})) -eq 0 ] || sigs="$sigs -${one%/*}"
        done
        [ $((0x${mask%????????} & 0x2)) -eq 0 ] || sigs=-34
        while [ $n -lt 100 ]; do
          prev=$up; now
          stat "$pid" 2>/dev/null && [ "$sa" = "$start" ] || { echo "gone $pid $prev $up"; exit 0; }
          case $st in Z|X) echo "zombie $pid $prev $up"; exit 0;; esac
          echo "still $up"
          n=$((n + 1)); i=0
          if [ -z "$sigs" ]; then sleep 0.02 2>/dev/null || sleep 1 2>/dev/null || n=100; fi
          while [ -n "$sigs" ] && [ $i -lt 500 ]; do
            for sig in $sigs; do kill $sig "$pid" 2>/dev/null; done
            i=$((i + 1))
          done
        done
        """;

    /// <summary>The command for <see cref="Script"/>.</summary>
    public static IReadOnlyList<string> Command(ContainerProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return ["/bin/sh", "-c", Script, ProcessScript.Marker, $"{process.Pid}", $"{process.Start}"];
    }
}
