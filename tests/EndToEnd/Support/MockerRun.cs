using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// One run of scenarios-mocker.json as its first line says it: on the Python environment that FAULTMATRIX_DYNAMO names, or, where there is
/// none, on the stand-in in its place, which makes the same calls.
/// </summary>
public sealed class MockerRun : IAsyncLifetime
{
    private readonly TempFolder _results = new();

    /// <summary>Whether the real Dynamo was run.</summary>
    public bool IsReal { get; } = Environment.GetEnvironmentVariable("FAULTMATRIX_DYNAMO") is { Length: > 0 };

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
        var environment = Environment.GetEnvironmentVariable("FAULTMATRIX_DYNAMO") is { Length: > 0 } real
            ? real
            : Path.Combine(Repository.Root, "artifacts", "bin", "FaultTolerance.StandIn", "release", "image");
        await using var script = BuildScript.Start(
            [
                "FaultMatrix",
                "--scenarios-file",
                "scenarios-mocker.json",
                "--local-image",
                $"dynamo={environment}",
                "--results",
                _results.Path,
            ]);
        FrontId = script.Id;
        ExitCode = await script.WaitAsync();
        Output = script.Output;
        Folder = Directory.GetDirectories(_results.Path) is [var folder] ? folder : throw new InvalidOperationException(Output);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "summary.json")));
        Rows = [.. summary.RootElement.GetProperty("scenarios").EnumerateArray().Select(r => r.Clone())];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
        {
            _results.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
