using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>
/// Streams through the death of one of two workers, whose frontend moves them to the other: what the tool finds in their texts is what the
/// frontend says in its own log that it did to them.
/// </summary>
[Collection(nameof(Alone))]
public sealed partial class ContinuityTests
{
    [Fact]
    public async Task Streams_of_a_killed_worker_go_on_and_every_lost_or_doubled_token_is_found()
    {
        using var folder = new TempFolder();

        var (code, output) = await BuildScript.RunAsync(
            ["FaultMatrix", "--scenarios-file", MigratingGraphs.Write(folder), "--results", folder["results"]]);

        Assert.True(code == 0, output);
        var run = Assert.Single(Directory.GetDirectories(folder["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken));
        var rows = summary.RootElement.GetProperty("scenarios").EnumerateArray().ToDictionary(
            row => row.GetProperty("scenario").GetString()!, StringComparer.Ordinal);
        foreach (var way in MigratingGraphs.Ways)
        {
            var name = $"{way}-decode_worker_pod";
            var found = rows[name].GetProperty("continuity");
            long Count(string key) => found.GetProperty(key).GetInt64();
            var (moves, lost, doubled) = Told(Path.Combine(run, $"test_fault_scenario[{name}]"));
            Assert.True(moves > 0, $"{name}: no stream was on the worker that was killed");
            Assert.Equal((name, lost, doubled, 0, 0), (name, Count("tokensLost"), Count("tokensDoubled"), Count("tokensAdded"), Count("tokensChanged")));
            Assert.Equal((name, moves, 0, 0), (name, Count("migrations"), Count("streamsByCharacters"), Count("controlsDiffering")));
            Assert.Equal((name, Count("streamsOpen")), (name, Count("streamsWentOn")));
            Assert.Equal((name, lost + doubled), (name, Count("streamsDiffering")));
            Assert.Equal((name, 0), (name, Count("streamsBrokenOff")));
        }

        Assert.Equal(1, rows["exact-decode_worker_pod"].GetProperty("continuity").GetProperty("continuity").GetDouble());
        Assert.Equal("pass", rows["exact-decode_worker_pod"].GetProperty("verdict").GetString());
    }

    // What the frontend wrote of each move.
    private static (long Moves, long Lost, long Doubled) Told(string row)
    {
        var moves = Directory.GetFiles(Path.Combine(row, "Frontend"), "*.log", SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .Select(line => Move().Match(line)).Where(match => match.Success).ToList();
        long Sum(string group) => moves.Sum(match => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture));
        return (moves.Count, Sum("lost"), Sum("doubled"));
    }

    [GeneratedRegex(@"stream goes on on another worker: .* lost (?<lost>\d+), doubled (?<doubled>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Move();
}
