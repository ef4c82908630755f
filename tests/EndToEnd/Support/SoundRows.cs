using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// The rows of a run. Those that the run itself calls invalid are run again, one at a time: a machine that others use as well spoils a row
/// of many at once, and the tool says so. What is invalid alone too is a finding.
/// </summary>
internal sealed class SoundRows
{
    // More than these are no accident.
    private const int MostAgain = 6;

    /// <summary>What the last run's command ended with; the first one's where no row was run again.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What the commands printed.</summary>
    public required string Output { get; init; }

    /// <summary>The folder of the first run.</summary>
    public required string Folder { get; init; }

    /// <summary>The ids of the commands' processes.</summary>
    public required IReadOnlyList<int> FrontIds { get; init; }

    /// <summary>Each row of summary.json with the folder of its artefacts, of its last run.</summary>
    public required IReadOnlyList<(JsonElement Row, string Folder)> Rows { get; init; }

    /// <summary>Runs them.</summary>
    /// <param name="words">The command, without its folder of results.</param>
    /// <param name="folder">A folder of the test's own.</param>
    public static async Task<SoundRows> RunAsync(IReadOnlyList<string> words, TempFolder folder)
    {
        var first = await OnceAsync([.. words, "--results", folder["results"]], folder["results"]);
        string[] spoiled = [.. first.Rows.Where(row => State(row.Row) == "Invalid").Select(row => Name(row.Row))];
        if (spoiled.Length is 0 or > MostAgain)
        {
            return first;
        }

        var second = await OnceAsync(
            [.. words, "--scenario", .. spoiled, "--parallelism", "1", "--results", folder["again"]], folder["again"]);
        var again = second.Rows.ToDictionary(row => Name(row.Row), StringComparer.Ordinal);
        TestContext.Current.SendDiagnosticMessage($"run again, alone: {string.Join(", ", spoiled)}");
        return new SoundRows
        {
            ExitCode = second.ExitCode,
            Output = first.Output + second.Output,
            Folder = first.Folder,
            FrontIds = [.. first.FrontIds, .. second.FrontIds],
            Rows = [.. first.Rows.Select(row => again.GetValueOrDefault(Name(row.Row), row))],
        };
    }

    /// <summary>A row's scenario.</summary>
    public static string Name(JsonElement row) => row.GetProperty("scenario").GetString()!;

    /// <summary>A row's state.</summary>
    public static string State(JsonElement row) => row.GetProperty("state").GetString()!;

    /// <summary>Runs them once.</summary>
    /// <param name="words">The command.</param>
    /// <param name="results">The folder that it names for its results; there is nothing in it yet.</param>
    public static async Task<SoundRows> OnceAsync(IReadOnlyList<string> words, string results)
    {
        await using var script = BuildScript.Start(words);
        var code = await script.WaitAsync();
        var run = Directory.Exists(results) && Directory.GetDirectories(results) is [var only] ? only
            : throw new InvalidOperationException(script.Output);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json")));
        return new SoundRows
        {
            ExitCode = code,
            Output = script.Output,
            Folder = run,
            FrontIds = [script.Id],
            Rows = [.. summary.RootElement.GetProperty("scenarios").EnumerateArray().Select(row => row.Clone())
                .Select(row => (row, Path.Combine(run, $"test_fault_scenario[{Name(row)}]")))],
        };
    }
}
