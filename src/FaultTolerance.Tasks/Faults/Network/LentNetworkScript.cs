using System.Globalization;
using System.Text.RegularExpressions;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.Network;

/// <summary>
/// What breaks a pod's network from within it: fixed texts for a POSIX shell, whose every variable part is an argument. Answers are queued
/// by tc on the interface that leads out; what comes in is dropped or refused by nft, in a table of its own.
/// </summary>
internal static partial class LentNetworkScript
{
    private const string Head = """
        dev() { d=$(ip -o route show default 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1); echo "${d:-eth0}"; }
        undo() { tc qdisc del dev "$(dev)" root handle 7777: 2>/dev/null; nft delete table inet faultmatrix 2>/dev/null; :; }
        """;

    // $1 the token, $2 seconds, $3 what tc does, $4 what nft does, then addresses of those who are meant; none for everybody.
    private const string Work = Head + "\n" + """
        tok=$1; secs=$2; queue=$3; verdict=$4; shift 4
        need() { command -v "$1" >/dev/null 2>&1 || { echo "missing $1"; exit 3; }; }
        trap 'undo; exit 0' TERM INT
        if [ -n "$queue" ]; then
          need tc; need ip; d=$(dev)
          if [ $# -eq 0 ]; then
            tc qdisc add dev "$d" root handle 7777: $queue || exit 4
          else
            tc qdisc add dev "$d" root handle 7777: prio bands 4 priomap 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 || exit 4
            tc qdisc add dev "$d" parent 7777:4 handle 7778: $queue || { undo; exit 4; }
            for p in "$@"; do
              tc filter add dev "$d" parent 7777: protocol ip prio 1 u32 match ip dst "$p" flowid 7777:4 || { undo; exit 4; }
            done
          fi
        else
          need nft
          nft add table inet faultmatrix || exit 4
          nft add chain inet faultmatrix in '{ type filter hook input priority -10 ; }' || { undo; exit 4; }
          if [ $# -eq 0 ]; then nft add rule inet faultmatrix in iifname != lo $verdict || { undo; exit 4; }
          else for p in "$@"; do nft add rule inet faultmatrix in iifname != lo ip saddr "$p" $verdict || { undo; exit 4; }; done
          fi
        fi
        echo applied
        while [ "$secs" -gt 0 ]; do sleep 1; secs=$((secs - 1)); done
        undo
        """;

    private const string Count = Head + "\n" + """
        tc -s qdisc show dev "$(dev)" 2>/dev/null; nft list table inet faultmatrix 2>/dev/null; :
        """;

    // $1 the token's end, $2 its beginning: the search does not find itself.
    private const string End = Head + "\n" + """
        undo
        for p in /proc/[0-9]*; do
          case $(tr '\0' ' ' 2>/dev/null <"$p/cmdline") in *"$2$1"*) kill -s TERM "${p##*/}" 2>/dev/null;; esac
        done
        if tc qdisc show dev "$(dev)" 2>/dev/null | grep -q ' 7777: '; then echo left tc
        elif nft list table inet faultmatrix >/dev/null 2>&1; then echo left nft
        else echo ended
        fi
        """;

    /// <summary>The command of the container.</summary>
    public static IReadOnlyList<string> Command(string token, int seconds, NetworkEffect effect, IEnumerable<string> peers)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return ["/bin/sh", "-c", Work, ProcessScript.Marker, token, seconds.ToString(CultureInfo.InvariantCulture), effect.Queue ?? "",
            effect.Verdict ?? "", .. peers];
    }

    /// <summary>The command that prints what was counted.</summary>
    public static IReadOnlyList<string> Counting() => ["/bin/sh", "-c", Count];

    /// <summary>The command that ends it, and prints <c>ended</c>.</summary>
    public static IReadOnlyList<string> Ending(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var half = token.Length / 2;
        return ["/bin/sh", "-c", End, ProcessScript.Marker, token[half..], token[..half]];
    }

    /// <summary>What was counted, from what tc and nft print.</summary>
    public static NetworkCounts Counts(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        long Sum(Regex pattern) => pattern.Matches(output).Sum(m => long.Parse(m.Groups["n"].ValueSpan, CultureInfo.InvariantCulture));
        var filtered = Sum(Filtered());
        return new NetworkCounts(Sum(Dropped()) + filtered, Sum(Overlimits()) + Sum(Waiting()), filtered);
    }

    [GeneratedRegex(@"\(dropped (?<n>\d+),", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Dropped();

    [GeneratedRegex(@"overlimits (?<n>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Overlimits();

    [GeneratedRegex(@"backlog \d+b (?<n>\d+)p", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Waiting();

    [GeneratedRegex(@"counter packets (?<n>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Filtered();
}
