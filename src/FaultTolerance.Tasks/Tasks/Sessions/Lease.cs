namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// Holds a scenario's session for the tasks that come after, and sees to its end: the engine disposes what is still registered when a
/// build ends, also a cancelled one in which no further target runs. A lease that owns the deployment then removes it.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="owns">Whether the end of the build is the end of the deployment; <c>Deploy</c> alone leaves it standing.</param>
/// <param name="patience">How long removing may wait.</param>
internal sealed class Lease(ScenarioSession session, bool owns, TimeSpan patience) : IDisposable
{
    /// <summary>The session.</summary>
    public ScenarioSession Session { get; } = session;

    /// <summary>Key of a scenario's lease among the engine's registered objects.</summary>
    public static string Key(string run, string scenario) => $"faultmatrix:{run}:{scenario}";

    /// <inheritdoc/>
    public void Dispose() => Task.Run(EndAsync).GetAwaiter().GetResult();

    // There is no engine to log to any more; the run's folder is where a reader looks.
    private async Task EndAsync()
    {
        try
        {
            if (owns && Session.ClusterGone is null)
            {
                Session.Log.Info("Lease", "the build ended before Teardown: removing the graph");
                await Session.TearDownAsync(patience, text => Session.Log.Info("Lease", text), CancellationToken.None);
            }
        }
        catch (FaultMatrixException e)
        {
            Session.Log.Error("Lease", $"{e.Code}: {e.Message}");
        }
        finally
        {
            await Session.DisposeAsync();
        }
    }
}
