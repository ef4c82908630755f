using System.Globalization;

namespace FaultTolerance.Graphs.Processes;

/// <summary>A process in a container, as /proc shows it there.</summary>
/// <param name="Pid">Its PID in the container.</param>
/// <param name="Parent">Its parent's; 0 when that is outside.</param>
/// <param name="State">Its state letter; <c>Z</c> is dead already.</param>
/// <param name="Start">Its start in clock ticks since boot (field 22 of stat): with the PID, what makes it itself.</param>
/// <param name="Taken">Signals that it takes note of: it has handlers for them (SigCgt), or holds them back to wait for them (SigBlk); null
/// where the kernel did not say.</param>
/// <param name="Name">Name of its program (comm), 15 characters at most.</param>
/// <param name="CommandLine">Its arguments, joined by blanks; where the container has no <c>tr</c>, by nothing.</param>
internal sealed record ContainerProcess(int Pid, int Parent, char State, ulong Start, ulong? Taken, string Name, string CommandLine)
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "busybox", "ksh", "zsh"];

    private static readonly string[] Wrappers =
        ["tini", "docker-init", "dumb-init", "catatonit", "s6-svscan", "s6-supervise", "s6-linux-init", "my_init", "timeout"];

    /// <summary>Whether it only waits for its parent to take note of its end.</summary>
    public bool IsZombie => State is 'Z' or 'X';

    /// <summary>Whether its program is a shell.</summary>
    public bool IsShell => Shells.Contains(Name, StringComparer.Ordinal);

    /// <summary>
    /// Whether it only stands around another program: a shell, or an init that starts one program and passes signals on to it. Shells may
    /// be
    /// more than that; that is seen by what they started.
    /// </summary>
    public bool IsWrapper => IsShell || Wrappers.Contains(Name, StringComparer.Ordinal);

    /// <summary>Whether the signal of that number does anything to it; null where that is not known.</summary>
    public bool? Takes(int signal) => Taken is { } mask ? (mask >> (signal - 1) & 1) == 1 : null;

    /// <summary>
    /// Reads a line of <see cref="ProcessScript.List"/>; null when it is none, for example because the process ended meanwhile.
    /// </summary>
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

        var masks = head[1][..caughtEnd].Split(',').Select(text =>
            ulong.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : (ulong?)null).ToArray();
        var taken = masks[0] is { } caught ? caught | (masks.ElementAtOrDefault(1) ?? 0) : (ulong?)null;
        return new ContainerProcess(pid, parent, fields[0][0], start, taken, stat[(open + 1)..close], head[2].Trim());
    }
}
