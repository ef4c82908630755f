using System.Text.Json;

namespace FaultTolerance.Runs;

/// <summary>Follows a timeline that another process writes.</summary>
public static class TimelineTail
{
    /// <summary>
    /// Waits for the last <paramref name="wanted"/> event that no <paramref name="ending"/> event came after.
    /// </summary>
    /// <param name="path">The timeline; it may not be there yet.</param>
    /// <param name="wanted">The event waited for.</param>
    /// <param name="ending">The event that makes an earlier one void.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>When it happened; null when what the timeline tells has ended already.</returns>
    public static async Task<DateTimeOffset?> WhenAsync(string path, string wanted, string ending, CancellationToken cancellation)
    {
        using var changed = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        watcher.Changed += (_, _) => changed.Release();
        watcher.Created += (_, _) => changed.Release();
        watcher.EnableRaisingEvents = true;
        while (true)
        {
            var (at, ended) = await ReadAsync(path, wanted, ending, cancellation);
            if (at is not null || ended)
            {
                return at;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private static async Task<(DateTimeOffset? At, bool Ended)> ReadAsync(string path, string wanted, string ending, CancellationToken cancellation)
    {
        (DateTimeOffset? At, bool Ended) found = (null, false);
        if (!File.Exists(path))
        {
            return found;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            // The last line may be half written; the next change brings the rest.
            if (line.Length == 0 || line[^1] != '}')
            {
                continue;
            }

            using var json = JsonDocument.Parse(line);
            var name = json.RootElement.GetProperty("event").GetString();
            found = name == wanted ? (json.RootElement.GetProperty("at").GetDateTimeOffset(), false) : name == ending ? (null, true) : found;
        }

        return found;
    }
}
