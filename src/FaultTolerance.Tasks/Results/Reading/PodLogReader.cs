using System.Collections.Immutable;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Runs;

namespace FaultTolerance.Results.Reading;

/// <summary>A line in a pod's log that says that the pod serves.</summary>
/// <param name="Service">The service's folder.</param>
/// <param name="Pod">The pod, from the file's name.</param>
/// <param name="At">UTC ticks.</param>
/// <param name="File">The log.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record ReadyLine(string Service, string Pod, long At, string File, int Line)
{
    /// <summary>The text as its version writes it; null where the line was not read from a log.</summary>
    public MetText? Text { get; init; }
}

/// <summary>What the pods' logs of a scenario tell.</summary>
/// <param name="Ready">Lines that say that a pod serves.</param>
/// <param name="Files">Logs that were searched.</param>
/// <param name="Unknown">Services with logs of which no ready text is known.</param>
/// <param name="Findings">What could not be read.</param>
internal sealed record PodLogs(
    ImmutableArray<ReadyLine> Ready,
    int Files,
    ImmutableArray<string> Unknown,
    ImmutableArray<Diagnostic> Findings
)
{
    /// <summary>Services whose engine writes no ready text.</summary>
    public ImmutableArray<string> Silent { get; init; } = [];
}

/// <summary>
/// Reads <c>{Service}/*.log</c> but for metrics, the previous and before_delete copies too. A carriage return ends a line, as in Python's
/// text mode: progress bars are drawn with it. Stamps without a zone are UTC, as containers write them.
/// </summary>
internal static class PodLogReader
{
    /// <summary>Reads a log.</summary>
    public static PodLogs Read(string folder, ImmutableArray<ReadyTextRule> own)
    {
        var ready = new List<ReadyLine>();
        var findings = new List<Diagnostic>();
        var unknown = new List<string>();
        var silent = new List<string>();
        var files = 0;
        foreach (var service in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(service);
            var logs = Directory
                .GetFiles(service, "*.log")
                .Where(file => !Path.GetFileName(file).Contains("metrics", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .ToList();
            var engine = PodEngine.Of(service);
            var texts = ReadyTexts.For(name, own, engine);
            if (logs.Count > 0 && texts.IsEmpty)
            {
                unknown.Add(name);
                findings.Add(
                    new Diagnostic(
                        ParseCodes.UnknownService,
                        Severity.Note,
                        $"no ready text is known for the service '{name}'; its logs do not count for Recovery"
                    )
                    {
                        File = service,
                    }
                );
                continue;
            }

            files += logs.Count;
            var before = ready.Count;
            Service(name, logs, texts, ready, findings);
            if (engine == ReadyTexts.Silent && ready.Count == before && texts.All(text => text.Engine == ReadyTexts.Silent))
            {
                silent.Add(name);
            }
        }

        return new PodLogs([.. ready], files, [.. unknown], [.. findings]) { Silent = [.. silent] };
    }

    private static void Service(
        string service,
        List<string> logs,
        ImmutableArray<ReadyText> texts,
        List<ReadyLine> ready,
        List<Diagnostic> findings
    )
    {
        var found = new List<Found>();
        var bags = logs.ConvertAll(file => new DiagnosticBag(file));
        for (var i = 0; i < logs.Count; i++)
        {
            One(logs[i], i, texts, found, bags[i]);
        }

        var version = found.Select(line => line.Text).DefaultIfEmpty(0).Min();
        foreach (var line in found.Where(line => line.Text == version))
        {
            if (line.At is { } at)
            {
                ready.Add(new ReadyLine(service, PodOf(logs[line.Log]), at, logs[line.Log], line.Number)
                {
                    Text = new(service, texts[line.Text].Engine, texts[line.Text].Since, line.Words),
                });
            }
            else
            {
                bags[line.Log].BrokenLine(line.Number, "a ready text without a time that can be read");
            }
        }

        findings.AddRange(bags.SelectMany(bag => bag.ToImmutable()));
    }

    private static void One(string file, int log, ImmutableArray<ReadyText> texts, List<Found> found, DiagnosticBag bag)
    {
        try
        {
            using var lines = new LineReader(file);
            while (lines.TryRead(out var line))
            {
                foreach (var part in line.Split((byte)'\r'))
                {
                    Part(line[part], log, lines.Number, texts, found);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            bag.Add(ParseCodes.Unreadable, Severity.Warning, $"cannot be read: {error.Message}");
        }
    }

    private static void Part(ReadOnlySpan<byte> line, int log, int number, ImmutableArray<ReadyText> texts, List<Found> found)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i].Possible(line) && PodLogLine.Read(line) is var (time, message) && texts[i].WordsIn(message) is { } words)
            {
                found.Add(new Found(i, log, number, time?.Utc(TimeSpan.Zero), words));
                return;
            }
        }
    }

    // {pod}[.{suffix}]… : a pod's name in these folders has no dot.
    private static string PodOf(string file) => Path.GetFileName(file).Split('.')[0];

    private readonly record struct Found(int Text, int Log, int Number, long? At, string Words);
}
