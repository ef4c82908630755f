using System.Globalization;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.Network;

/// <summary>Looks a name up from within a container, and prints whether it had an answer and after how long.</summary>
internal static class LookUpScript
{
    private const string Text = """
        name=$1; limit=$2
        now() { read -r u _ </proc/uptime; t=${u%.*}${u#*.}; }
        if command -v getent >/dev/null 2>&1; then set -- getent ahostsv4 "$name"
        elif command -v python3 >/dev/null 2>&1; then set -- python3 -c 'import socket, sys; socket.gethostbyname(sys.argv[1])' "$name"
        elif command -v nslookup >/dev/null 2>&1; then set -- nslookup "$name"
        else echo 'missing getent, python3 or nslookup'; exit 0
        fi
        command -v timeout >/dev/null 2>&1 || { echo 'missing timeout'; exit 0; }
        now; s=$t
        if timeout "$limit" "$@" >/dev/null 2>&1; then end=answered; else end=silent; fi
        now; echo "reach $end $(((t - s) * 10))"
        """;

    /// <summary>The command that looks it up.</summary>
    /// <param name="name">The name.</param>
    /// <param name="limit">How long an answer may take; whole seconds.</param>
    public static IReadOnlyList<string> Command(string name, TimeSpan limit) =>
        ["/bin/sh", "-c", Text, ProcessScript.Marker, name, Math.Ceiling(limit.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
}
