namespace EndToEnd;

/// <summary>
/// One run of two deployments of scenarios-mocker.json as its first line says it: on the Python environment that FAULTMATRIX_DYNAMO names,
/// or, where there is none, on the stand-in in its place, which makes the same calls.
/// </summary>
public sealed class MockerRun : IAsyncLifetime
{
    /// <summary>The deployments whose rows are run.</summary>
    public static IReadOnlyList<string> Deployments { get; } = ["mocker-agg-1", "mocker-disagg-2"];

    private readonly TempFolder _results = new();
    private SoundRows? _run;

    /// <summary>Whether the real Dynamo was run.</summary>
    public bool IsReal { get; } = Environment.GetEnvironmentVariable("FAULTMATRIX_DYNAMO") is { Length: > 0 };

    /// <summary>The rows, and what the command said.</summary>
    internal SoundRows Run => _run ?? throw new InvalidOperationException("the run did not begin");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (TestTime.IsOver)
        {
            return;
        }

        var environment = IsReal
            ? Environment.GetEnvironmentVariable("FAULTMATRIX_DYNAMO")
            : Path.Combine(Repository.Root, "artifacts", "bin", "FaultTolerance.StandIn", "release", "image");
        _run = await SoundRows.RunAsync(
            ["FaultMatrix", "--scenarios-file", "scenarios-mocker.json", "--local-image", $"dynamo={environment}",
                "--deployment", .. Deployments], _results);
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
