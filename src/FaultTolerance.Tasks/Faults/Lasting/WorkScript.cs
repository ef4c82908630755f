using System.Globalization;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.Lasting;

/// <summary>
/// What works in a container for a while: fixed texts for a POSIX shell, whose every variable part is an argument. Whatever is started
/// ends by itself when its seconds are over, whether anybody comes for it or not. Its processes carry a token on their command lines, by
/// which they are found again.
/// </summary>
internal static class WorkScript
{
    /// <summary>
    /// Begins every script: <c>$1</c> becomes <c>tok</c>, <c>$2</c> <c>secs</c>. Gives <c>wait_out</c>, which sleeps them out, and
    /// <c>nap</c>, a short sleep.
    /// </summary>
    public const string Head = """
        tok=$1; secs=$2; shift 2
        command -v sleep >/dev/null 2>&1 || { echo 'missing sleep'; exit 0; }
        nap() { sleep 0.05 2>/dev/null || sleep 1; }
        wait_out() { while [ "$secs" -gt 0 ]; do sleep 1; secs=$((secs - 1)); done; }
        """;

    /// <summary>
    /// <c>$1</c> the token's end, <c>$2</c> its beginning, so that the search does not find itself. Ends all that carry it, and prints
    /// <c>ended</c>, or <c>left PIDS</c>.
    /// </summary>
    private const string End = """
        tok="$2$1"; n=0
        while :; do
          found=
          for d in /proc/[0-9]*; do
            c=; s=
            { while IFS= read -r l || [ -n "$l" ]; do c="$c$l "; done; } 2>/dev/null <"$d/cmdline" || continue
            case $c in *"$tok"*) ;; *) continue;; esac
            { IFS= read -r s; } 2>/dev/null <"$d/stat"
            case $s in *') Z '*|*') X '*|'') continue;; esac
            found="$found ${d##*/}"
          done
          [ -n "$found" ] || { echo ended; break; }
          [ $n -lt 100 ] || { echo "left$found"; break; }
          for p in $found; do kill -s KILL "$p" 2>/dev/null; done
          n=$((n + 1)); sleep 0.05 2>/dev/null || sleep 1
        done
        """;

    /// <summary>The command that starts a script.</summary>
    /// <param name="script">The script, which begins with <see cref="Head"/>.</param>
    /// <param name="token">Its token.</param>
    /// <param name="seconds">When it ends by itself.</param>
    /// <param name="arguments">What it has to know besides.</param>
    public static IReadOnlyList<string> Start(string script, string token, int seconds, params IEnumerable<string> arguments) =>
        ["/bin/sh", "-c", script, ProcessScript.Marker, token, seconds.ToString(CultureInfo.InvariantCulture), .. arguments];

    /// <summary>The command that ends all that a token marks.</summary>
    public static IReadOnlyList<string> Ending(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return ["/bin/sh", "-c", End, ProcessScript.Marker, token[ProcessScript.WorkPrefix.Length..], ProcessScript.WorkPrefix];
    }
}
