using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Results.Reading;

/// <summary>Reads the clients' logs of a folder.</summary>
internal static class ClientLogFiles
{
    private const string Prefix = "client_";
    private const string Ending = ".log.txt";

    /// <summary>
    /// The logs in the order of their numbers. Clients are independent of each other: each has its reader, and several are read at a time.
    /// </summary>
    /// <param name="path">The folder, which is there.</param>
    /// <param name="offset">What is taken off stamps that have no zone.</param>
    public static ImmutableArray<ClientLog> Read(string path, TimeSpan offset)
    {
        (string File, int Number)[] files =
        [
            .. Directory.GetFiles(path, $"{Prefix}*{Ending}")
                .Select(file => (file, number: Number(file)))
                .OrderBy(pair => pair.number).ThenBy(pair => pair.file, StringComparer.Ordinal),
        ];
        var logs = new ClientLog[files.Length];
        SideBySide.Each(files.Length, i => logs[i] = new ClientLogReader(offset).Read(files[i].File, files[i].Number));
        return [.. logs];
    }

    // Names the reference suite would take and that hold no number come last.
    private static int Number(string file) =>
        int.TryParse(Path.GetFileName(file)[Prefix.Length..^Ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : int.MaxValue;
}
