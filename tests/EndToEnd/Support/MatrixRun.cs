using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// One run of the whole quick matrix, as <c>./build.sh FaultMatrix</c> does it on a machine without a cluster; many tests look at it.
/// </summary>
public sealed class MatrixRun : IAsyncLifetime
{
    private const string Saturated = "FT0835";
    private readonly TempFolder _results = new();
    private bool _saturated;
    private int _again;

    /// <summary>The command's exit code.</summary>
    public int ExitCode { get; private set; }

    /// <summary>What the command printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>The run's folder.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>The rows of summary.json.</summary>
    public IReadOnlyList<JsonElement> Rows { get; private set; } = [];

    /// <summary>The id of the command's process.</summary>
    public int FrontId { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (TestTime.IsOver)
        {
            return;
        }

        // For work on the tests themselves: the folder of a run that was made before.
        if (Environment.GetEnvironmentVariable("FAULTMATRIX_E2E_RUN") is { Length: > 0 } folder)
        {
            Folder = folder;
        }
        else
        {
            await using var script = BuildScript.Start(["FaultMatrix", "--results", _results["matrix"]]);
            FrontId = script.Id;
            ExitCode = await script.WaitAsync();
            Output = script.Output;
            Folder = Assert.Single(Directory.GetDirectories(_results["matrix"]));
        }

        var file = Path.Combine(Folder, "summary.json");
        Assert.True(File.Exists(file), Output);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Rows = [.. summary.RootElement.GetProperty("scenarios").EnumerateArray().Select(r => r.Clone())];
        _saturated = summary.RootElement.GetProperty("findings").EnumerateArray().Any(d => d.GetProperty("code").GetString() == Saturated);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // What the findings rest on is worth more than a clean /tmp when one of them did not come out.
        if (
            TestContext.Current.TestState?.Result != TestResult.Failed
            && Environment.GetEnvironmentVariable("FAULTMATRIX_E2E_KEEP") is null
        )
        {
            _results.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A row by its scenario's name.</summary>
    public JsonElement Row(string scenario) => Rows.Single(r => r.GetProperty("scenario").GetString() == scenario);

    /// <summary>
    /// Rows of the matrix; where they are not as a finding has them and the run says that its machine was saturated, the same rows run again,
    /// one at a time. What does not come out so either is no machine's mood.
    /// </summary>
    /// <param name="scenarios">Whose rows, in their order.</param>
    /// <param name="holds">Whether they are as the finding has them.</param>
    public async Task<IReadOnlyList<JsonElement>> SettledAsync(
        IReadOnlyList<string> scenarios, Predicate<IReadOnlyList<JsonElement>> holds)
    {
        JsonElement[] rows = [.. scenarios.Select(Row)];
        if (!_saturated || holds(rows))
        {
            return rows;
        }

        var folder = _results[$"again-{++_again}"];
        var again = await SoundRows.OnceAsync(
            ["FaultMatrix", "--parallelism", "1", "--results", folder, "--scenario", .. scenarios], folder);
        return [.. scenarios.Select(scenario => again.Rows.Single(row => SoundRows.Name(row.Row) == scenario).Row)];
    }

    /// <summary>The scenario's folder of artefacts.</summary>
    public string FolderOf(string scenario) => Path.Combine(Folder, $"test_fault_scenario[{scenario}]");

    /// <summary>The events of a scenario's timeline.</summary>
    public IReadOnlyList<JsonElement> Timeline(string scenario) =>
        [.. File.ReadLines(Path.Combine(FolderOf(scenario), "timeline.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];
}
