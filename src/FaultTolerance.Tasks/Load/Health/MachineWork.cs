using System.Globalization;

namespace FaultTolerance.Load.Health;

/// <summary>
/// What the whole machine has done since it started, as its kernel counts it: proc(5), <c>/proc/stat</c>, and the kernel's
/// documentation of pressure stall information (PSI), <c>/proc/pressure/cpu</c>. Neither is there on another system than Linux, and the
/// second may be turned off.
/// </summary>
/// <param name="Busy">Processor time that was used, in the kernel's ticks, of all processors together.</param>
/// <param name="All">The same with what was not used.</param>
/// <param name="Waited">Microseconds in which some thread could have run and had no processor; null where the kernel does not tell.</param>
internal readonly record struct MachineWork(long Busy, long All, long? Waited)
{
    // user nice system idle iowait irq softirq steal; what follows is part of user and nice.
    private const int Columns = 8;
    private const int Idle = 3;
    private const int WaitingForDisk = 4;

    /// <summary>The counts as they stand; null where there are none.</summary>
    /// <param name="folder">Where the kernel's files are.</param>
    public static MachineWork? Now(string folder = "/proc")
    {
        if (FirstLine(Path.Combine(folder, "stat")) is not { } stat || Ticks(stat) is not { Length: Columns } ticks)
        {
            return null;
        }

        var all = ticks.Sum();
        return new MachineWork(all - ticks[Idle] - ticks[WaitingForDisk], all, Waiting(FirstLine(Path.Combine(folder, "pressure", "cpu"))));
    }

    /// <summary>Share of all processors' time that was used from an earlier moment to this one, 0 to 1; null when no time passed.</summary>
    public double? BusySince(MachineWork earlier) =>
        All > earlier.All ? Math.Clamp((Busy - earlier.Busy) / (double)(All - earlier.All), 0, 1) : null;

    /// <summary>Share of that time in which some thread waited for a processor, 0 to 1; null where the kernel does not tell.</summary>
    /// <param name="earlier">The earlier moment's counts.</param>
    /// <param name="seconds">The time between, more than 0.</param>
    public double? WaitedSince(MachineWork earlier, double seconds) =>
        Waited is { } now && earlier.Waited is { } before ? Math.Clamp((now - before) / 1e6 / seconds, 0, 1) : null;

    private static long[]? Ticks(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length <= Columns || words[0] != "cpu")
        {
            return null;
        }

        var ticks = new long[Columns];
        for (var i = 0; i < Columns; i++)
        {
            if (!long.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out ticks[i]))
            {
                return null;
            }
        }

        return ticks;
    }

    // some avg10=0.00 avg60=0.00 avg300=0.00 total=0
    private static long? Waiting(string? line) =>
        line is not null && line.StartsWith("some ", StringComparison.Ordinal)
        && long.TryParse(line.AsSpan(line.LastIndexOf('=') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : null;

    private static string? FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no such file on this system, or it may not be read: nothing is told.
            return null;
        }
    }
}
