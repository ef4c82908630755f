using System.Globalization;
using System.Text;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Artefacts.TestLogs;

namespace FaultTolerance.Results.Reading;

/// <summary>Finds out how far ahead of UTC the runner's local time was whose stamps name no zone.</summary>
internal static class NaiveZone
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Our own folders (with a timeline) hold UTC. In the reference suite's, the pods' creation stamps are UTC and follow the line
    /// "Starting Deployment" within minutes: the difference, to the next quarter of an hour, is the offset. Else UTC is assumed.
    /// </summary>
    public static (TimeSpan Offset, Diagnostic? Finding) Of(string folder, bool hasTimeline, ParseOptions options)
    {
        if (options.NaiveOffset is { } given || hasTimeline)
        {
            return (options.NaiveOffset ?? TimeSpan.Zero, null);
        }

        var start = TestLogReader.Read(Path.Combine(folder, "test.log.txt"), TimeSpan.Zero).Start;
        if (start is null || FirstCreation(folder) is not { } creation)
        {
            return (
                TimeSpan.Zero,
                Note(
                    folder,
                    "no pod's creation stamp tells the zone of the runner's local times; UTC is assumed (--time-zone names another)"
                )
            );
        }

        // The start is stamped before the pods are made: allow 10 minutes for that and 5 for clocks that differ.
        var offset = TimeSpan.FromTicks(
            (long)Math.Ceiling((start.Value - creation - TimeSpan.FromMinutes(5).Ticks) / (double)Step.Ticks) * Step.Ticks
        );
        var text = string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? "-" : "+")}{offset:hh\\:mm}");
        return Math.Abs(offset.TotalHours) > 15
            ? (
                TimeSpan.Zero,
                Note(
                    folder,
                    "the pods' creation stamps are more than a day from the runner's log; UTC is assumed for local times (--time-zone names another)"
                )
            )
            : (
                offset,
                Note(folder, $"the runner's local times are taken as UTC{text}, from the pods' creation stamps (--time-zone names another)")
            );
    }

    private static Diagnostic Note(string folder, string text) => new(ParseCodes.ZoneAssumed, Severity.Note, text) { File = folder };

    private static long? FirstCreation(string folder)
    {
        long? first = null;
        foreach (var file in Directory.EnumerateDirectories(folder).SelectMany(service => Directory.EnumerateFiles(service, "*.yaml")))
        {
            try
            {
                using var lines = new LineReader(file);
                while (lines.TryRead(out var line))
                {
                    var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 200)]).Trim();
                    if (
                        text.StartsWith("creationTimestamp:", StringComparison.Ordinal)
                        && IsoStamp.TryParse(
                            Encoding.UTF8.GetBytes(text["creationTimestamp:".Length..].Trim().Trim('\'', '"')),
                            out var stamp
                        )
                        && !stamp.IsNaive
                    )
                    {
                        first = Math.Min(first ?? long.MaxValue, stamp.Ticks);
                        break;
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A pod file that cannot be read is no source for a guess; another may be.
            }
        }

        return first;
    }
}
