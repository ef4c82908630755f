using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// One run of the whole quick matrix, as <c>./build.sh FaultMatrix</c> does it on a machine without a cluster; many tests look at it.
/// </summary>
public sealed class MatrixRun : IAsyncLifetime
{
    private readonly TempFolder _results = new();

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
        // For work on the tests themselves: the folder of a run that was made before.
        if (Environment.GetEnvironmentVariable("FAULTMATRIX_E2E_RUN") is { Length: > 0 } folder)
        {
            Folder = folder;
        }
        else
        {
            await using var script = BuildScript.Start(["FaultMatrix", "--results", _results.Path]);
            FrontId = script.Id;
            ExitCode = await script.WaitAsync();
            Output = script.Output;
            Folder = Assert.Single(Directory.GetDirectories(_results.Path));
        }

        var file = Path.Combine(Folder, "summary.json");
        Assert.True(File.Exists(file), Output);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Rows = [.. summary.RootElement.GetProperty("scenarios").EnumerateArray().Select(r => r.Clone())];
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

    /// <summary>The scenario's folder of artefacts.</summary>
    public string FolderOf(string scenario) => Path.Combine(Folder, $"test_fault_scenario[{scenario}]");

    /// <summary>The events of a scenario's timeline.</summary>
    public IReadOnlyList<JsonElement> Timeline(string scenario) =>
        [.. File.ReadLines(Path.Combine(FolderOf(scenario), "timeline.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];
}
