using System.Text;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.TestLogs;

/// <summary>What <c>test.log.txt</c> tells; UTC ticks, null where the line is not there.</summary>
internal sealed class TestLogTimes(string file)
{
    /// <summary>When the deployment began, in ticks of UTC; null where the log does not tell.</summary>
    public long? Start { get; set; }

    /// <summary>When it was ready, in ticks of UTC; null where the log does not tell.</summary>
    public long? Ready { get; set; }

    /// <summary>The last fault's.</summary>
    public long? Fault { get; set; }

    /// <summary>What could not be read.</summary>
    public DiagnosticBag Findings { get; } = new(file);
}

/// <summary>Reads <c>test.log.txt</c>: <c>[TEST] {time} {level} {logger}: {message}</c>; the second token is the time.</summary>
internal static class TestLogReader
{
    /// <summary>Reads a test.log; one that is missing is a finding.</summary>
    public static TestLogTimes Read(string path, TimeSpan naiveOffset)
    {
        var log = new TestLogTimes(path);
        if (!File.Exists(path))
        {
            log.Findings.Add(
                ParseCodes.MissingPart,
                Severity.Warning,
                "there is no test.log.txt; Startup, the fault and Recovery are unknown"
            );
            return log;
        }

        try
        {
            using var lines = new LineReader(path);
            while (lines.TryRead(out var line))
            {
                Line(line, lines.Number, log, naiveOffset);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Findings.Add(ParseCodes.Unreadable, Severity.Error, $"cannot be read: {error.Message}");
        }

        return log;
    }

    // Of several lines of a kind the last one counts, as in the reference suite.
    private static void Line(ReadOnlySpan<byte> line, int number, TestLogTimes log, TimeSpan naiveOffset)
    {
        var isStart = Has(line, "Starting Deployment "u8);
        var isReady =
            Has(line, "Deployment "u8) && (Has(line, " is ready"u8) || Has(line, " has Ready condition True and state successful"u8));
        var isFault = Has(line, "Injecting failure for:"u8);
        if (!isStart && !isReady && !isFault)
        {
            return;
        }

        if (Time(line) is not { } time)
        {
            log.Findings.BrokenLine(number, $"no time in '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])}'");
            return;
        }

        var ticks = time.Utc(naiveOffset);
        log.Start = isStart ? ticks : log.Start;
        log.Ready = isReady ? ticks : log.Ready;
        log.Fault = isFault ? ticks : log.Fault;
    }

    private static IsoStamp? Time(ReadOnlySpan<byte> line)
    {
        var rest = line.TrimStart(" \t"u8);
        var first = rest.IndexOfAny(" \t"u8);
        rest = first < 0 ? default : rest[first..].TrimStart(" \t"u8);
        var end = rest.IndexOfAny(" \t"u8);
        return IsoStamp.TryParse(end < 0 ? rest : rest[..end], out var stamp) ? stamp : null;
    }

    private static bool Has(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text) => line.IndexOf(text) >= 0;
}
