using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Results.Reading;

/// <summary>A line in a pod's log that says that the pod serves.</summary>
/// <param name="Service">The service's folder.</param>
/// <param name="Pod">The pod, from the file's name.</param>
/// <param name="At">UTC ticks.</param>
/// <param name="File">The log.</param>
/// <param name="Line">The line, from 1.</param>
public sealed record ReadyLine(string Service, string Pod, long At, string File, int Line);

/// <summary>What the pods' logs of a scenario tell.</summary>
internal sealed record PodLogs(ImmutableArray<ReadyLine> Ready, int Files, ImmutableArray<Diagnostic> Findings);

/// <summary>
/// Reads <c>{Service}/*.log</c> but for metrics, the previous and before_delete copies too. A line is JSON with <c>time</c> and
/// <c>message</c>, or text (colours stripped) whose first token is a time. Stamps without a zone are UTC, as containers write them.
/// </summary>
internal static partial class PodLogReader
{
    public static PodLogs Read(string folder)
    {
        var ready = new List<ReadyLine>();
        var findings = new List<Diagnostic>();
        var files = 0;
        foreach (var service in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(service);
            var logs = Directory.GetFiles(service, "*.log").Where(file => !Path.GetFileName(file).Contains("metrics", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
            if (logs.Count > 0 && ReadyTexts.For(name) is null)
            {
                findings.Add(new Diagnostic(ParseCodes.UnknownService, Severity.Note, $"no ready text is known for the service '{name}'; its logs do not count for Recovery") { File = service });
                continue;
            }

            files += logs.Count;
            logs.ForEach(file => One(name, file, ReadyTexts.For(name)!, ready, findings));
        }

        return new PodLogs([.. ready], files, [.. findings]);
    }

    private static void One(string service, string file, Regex text, List<ReadyLine> ready, List<Diagnostic> findings)
    {
        var bag = new DiagnosticBag(file);
        var pod = PodOf(file);
        try
        {
            using var lines = new LineReader(file);
            while (lines.TryRead(out var line))
            {
                if (!ReadyTexts.Possible(line))
                {
                    continue;
                }

                var (time, message) = Message(line);
                if (!text.IsMatch(message))
                {
                    continue;
                }

                if (time is { } at)
                {
                    ready.Add(new ReadyLine(service, pod, at.Utc(TimeSpan.Zero), file, lines.Number));
                }
                else
                {
                    bag.BrokenLine(lines.Number, "a ready text without a time that can be read");
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            bag.Add(ParseCodes.Unreadable, Severity.Warning, $"cannot be read: {error.Message}");
        }

        findings.AddRange(bag.ToImmutable());
    }

    private static (IsoStamp? Time, string Message) Message(ReadOnlySpan<byte> line)
    {
        if (line.TrimStart(" "u8) is [(byte)'{', ..])
        {
            try
            {
                return Json(line);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                // Not JSON after all, or cut off: the plain rule below may still find its time.
            }
        }

        var text = Colours().Replace(Encoding.UTF8.GetString(line), "").TrimStart();
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var first = end < 0 ? text : text[..end];
        return IsoStamp.TryParse(Encoding.UTF8.GetBytes(first), out var stamp) ? (stamp, text) : (null, text);
    }

    private static (IsoStamp? Time, string Message) Json(ReadOnlySpan<byte> line)
    {
        IsoStamp? time = null;
        var message = "";
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isTime, isMessage) = (reader.ValueTextEquals("time"u8), reader.ValueTextEquals("message"u8));
            reader.Read();
            if (isTime && reader.TokenType == JsonTokenType.String && IsoStamp.TryParse(reader.ValueSpan, out var stamp))
            {
                time = stamp;
            }
            else if (isMessage && reader.TokenType == JsonTokenType.String)
            {
                message = reader.GetString()!;
            }

            reader.Skip();
        }

        return (time, message);
    }

    // {pod}[.{suffix}]… : a pod's name in these folders has no dot.
    private static string PodOf(string file) => Path.GetFileName(file).Split('.')[0];

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Colours();
}
