using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Results;

namespace FaultTolerance.Reports;

/// <summary><c>requests.csv</c>: a row an attempt, and a row a request that was not sent.</summary>
internal static class RequestsCsv
{
    // Enough for the processors, and little beside what a million attempts take: a row has some 300 bytes.
    private const int AtATime = 4;
    private const int RowsEach = 1024;

    private static readonly string[] Headers =
    [
        "scenario", "client", "request", "attempt", "side", "intended", "sent", "first_byte", "first_token", "last_byte", "request_end",
        "elapsed_seconds", "status", "outcome", "legacy_success", "characters", "tokens", "tokens_asked", "url", "pod", "error",
    ];

    /// <summary>Writes the file; rows by scenario, client and line of the log.</summary>
    public static void Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var parts = Parts(run).ToList();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(string.Join(',', Headers) + "\n"));
            var (made, ready) = (Buffers(), Buffers());
            for (var from = 0; from < parts.Count + AtATime; from += AtATime)
            {
                // What was made in the last round is written in this one.
                Round(stream, ready, parts, from, made);
                (made, ready) = (ready, made);
            }
        });
    }

    private static ByteBuffer[] Buffers() => [.. Enumerable.Range(0, AtATime).Select(_ => new ByteBuffer())];

    private static void Round(Stream stream, ByteBuffer[] ready, List<Action<ByteBuffer>> parts, int from, ByteBuffer[] made)
    {
        SideBySide.Do(
            () => Array.ForEach(ready, rows => stream.Write(rows.Written)),
            () => SideBySide.Each(AtATime, i =>
            {
                made[i].Truncate(0);
                if (from + i < parts.Count)
                {
                    parts[from + i](made[i]);
                }
            }));
    }

    private static IEnumerable<Action<ByteBuffer>> Parts(RunResult run)
    {
        var texts = new CsvTexts();
        foreach (var scenario in run.Scenarios)
        {
            foreach (var chunk in scenario.Attempts.SelectMany(client => client.Chunks()))
            {
                for (var from = 0; from < chunk.Length; from += RowsEach)
                {
                    var some = chunk[from..Math.Min(from + RowsEach, chunk.Length)];
                    yield return to => new RequestRows(to, scenario, texts).Write(some.Span);
                }
            }

            if (!scenario.Unsent.IsEmpty)
            {
                yield return to => new RequestRows(to, scenario, texts).Write(scenario.Unsent);
            }
        }
    }
}
