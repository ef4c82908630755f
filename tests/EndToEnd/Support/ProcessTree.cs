using System.Globalization;

namespace EndToEnd;

/// <summary>One process of this boot; the start tells it from a later one with its number.</summary>
internal sealed record KnownProcess(int Id, string Start, string CommandLine)
{
    /// <summary>Whether this very process still runs (a zombie does not).</summary>
    public bool IsAlive => ProcessTree.Stat(Id) is { } stat && stat.State != "Z" && stat.Start == Start;
}

/// <summary>What a program has started, and whether any of it is left.</summary>
internal static class ProcessTree
{
    /// <summary>The process and everything below it, now.</summary>
    public static IReadOnlyList<KnownProcess> Of(int root)
    {
        var children = All().ToLookup(p => p.Stat.Parent);
        var known = new List<KnownProcess>();
        var open = new Queue<int>([root]);
        while (open.TryDequeue(out var id))
        {
            if (Stat(id) is { } stat)
            {
                known.Add(new KnownProcess(id, stat.Start, CommandLine(id)));
            }

            foreach (var child in children[id])
            {
                open.Enqueue(child.Id);
            }
        }

        return known;
    }

    /// <summary>The processes with this variable, as <c>NAME=value</c>, in their environment.</summary>
    public static IReadOnlyList<KnownProcess> WithEnvironment(string variable) =>
        [.. All().Where(p => Read($"/proc/{p.Id}/environ").Split('\0').Contains(variable, StringComparer.Ordinal))
            .Select(p => new KnownProcess(p.Id, p.Stat.Start, CommandLine(p.Id)))];

    /// <summary>Waits until none of them is left: init may take a moment to reap, a loaded machine a moment to kill.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">Some are left after half a minute.</exception>
    public static async Task AllGoneAsync(IReadOnlyList<KnownProcess> processes)
    {
        await Eventually.TrueAsync(
            () => !processes.Any(p => p.IsAlive),
            () => "still there: " + string.Join("; ", processes.Where(p => p.IsAlive).Select(p => $"{p.Id} {p.CommandLine}")));
    }

    /// <summary>State, parent and start of a process, or null if there is none.</summary>
    internal static ProcessStat? Stat(int id)
    {
        try
        {
            // The name in field 2 may hold blanks and brackets.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IReadOnlyList<(int Id, ProcessStat Stat)> All() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(n => int.TryParse(n, CultureInfo.InvariantCulture, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Stat: Stat(id))).Where(p => p.Stat is not null).Select(p => (p.Id, p.Stat!))];

    private static string CommandLine(int id) => Read($"/proc/{id}/cmdline").Replace('\0', ' ').TrimEnd();

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
            return "";
        }
    }
}

/// <summary>From <c>/proc/PID/stat</c>.</summary>
internal sealed record ProcessStat(string State, int Parent, string Start);
