using System.Text;

namespace FaultTolerance.Artefacts.Events;

/// <summary>Follows a timeline that another process writes.</summary>
internal static class TimelineTail
{
    /// <summary>
    /// Waits for the last <typeparamref name="TWanted"/> that no <typeparamref name="TEnding"/>, which makes an earlier one void, came
    /// after.
    /// </summary>
    /// <param name="path">The timeline; it may not be there yet.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>When it happened; null when what the timeline tells has ended already.</returns>
    public static async Task<DateTimeOffset?> WhenAsync<TWanted, TEnding>(string path, CancellationToken cancellation)
        where TWanted : TimelineEvent
        where TEnding : TimelineEvent
    {
        using var changed = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        watcher.Changed += (_, _) => changed.Release();
        watcher.Created += (_, _) => changed.Release();
        watcher.EnableRaisingEvents = true;
        while (true)
        {
            var (at, ended) = await ReadAsync<TWanted, TEnding>(path, cancellation);
            if (at is not null || ended)
            {
                return at;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private static async Task<(DateTimeOffset? At, bool Ended)> ReadAsync<TWanted, TEnding>(string path, CancellationToken cancellation)
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
            var item = EventLine.Read(Encoding.UTF8.GetBytes(line), 0, out _);
            found = item is TWanted ? (new DateTimeOffset(item.At, TimeSpan.Zero), false) : item is TEnding ? (null, true) : found;
        }

        return found;
    }
}
