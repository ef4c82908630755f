using System.Globalization;

namespace FaultTolerance.Faults.Processes;

/// <summary>A process in a container, as /proc shows it there.</summary>
/// <param name="Pid">Its PID in the container.</param>
/// <param name="Parent">Its parent's; 0 when that is outside.</param>
/// <param name="State">Its state letter; <c>Z</c> is dead already.</param>
/// <param name="Start">Its start in clock ticks since boot (field 22 of stat): with the PID, what makes it itself.</param>
/// <param name="Caught">Signals it has handlers for (SigCgt); null where the kernel did not say.</param>
/// <param name="Name">Name of its program (comm), 15 characters at most.</param>
/// <param name="CommandLine">Its arguments, joined by blanks; where the container has no <c>tr</c>, by nothing.</param>
internal sealed record ContainerProcess(int Pid, int Parent, char State, ulong Start, ulong? Caught, string Name, string CommandLine)
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "busybox", "ksh", "zsh"];

    /// <summary>Whether it only waits for its parent to take note of its end.</summary>
    public bool IsZombie => State is 'Z' or 'X';

    /// <summary>Whether its program is a shell.</summary>
    public bool IsShell => Shells.Contains(Name, StringComparer.Ordinal);

    /// <summary>Whether it handles the signal of that number.</summary>
    public bool? Catches(int signal) => Caught is { } mask ? (mask >> (signal - 1) & 1) == 1 : null;

    /// <summary>Reads a line of <see cref="ProcessScript.List"/>; null when it is none, for example because the process ended meanwhile.</summary>
    public static ContainerProcess? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var head = line.Split('|', 3);
        if (head.Length < 3 || head[0] != "P")
        {
            return null;
        }

        // stat: pid (comm) state ppid ...; comm may hold blanks and parentheses, so it ends at the last one.
        var caughtEnd = head[1].IndexOf(';', StringComparison.Ordinal);
        var stat = head[1][(caughtEnd + 1)..];
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        if (caughtEnd < 0 || open < 0 || close < open || !int.TryParse(stat.AsSpan(0, open), CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }

        var fields = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 20 || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            || !ulong.TryParse(fields[19], CultureInfo.InvariantCulture, out var start))
        {
            return null;
        }

        ulong? caught = ulong.TryParse(head[1].AsSpan(0, caughtEnd), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : null;
        return new ContainerProcess(pid, parent, fields[0][0], start, caught, stat[(open + 1)..close], head[2].Trim());
    }
}
