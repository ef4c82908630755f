using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;

namespace FaultTolerance.Deployments;

/// <summary>Creates a graph and waits until it serves.</summary>
/// <param name="session">Where.</param>
/// <param name="watch">The graph's watch.</param>
/// <param name="transport">The way to its frontends.</param>
/// <param name="log">The runner's log.</param>
/// <param name="timeline">The timeline.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class GraphDeployer(
    ClusterSession session,
    GraphWatch watch,
    IFrontendTransport transport,
    TestLog log,
    TimelineWriter timeline,
    Action<string>? waiting = null
)
{
    private const int CreateAttempts = 5;
    private static readonly TimeSpan CreatePause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the graph may say without a break that it failed.</summary>
    public TimeSpan FailedPatience { get; init; } = ReadinessWait.DefaultFailedPatience;

    /// <summary>
    /// Deploys: what is ours under the name is deleted first and waited for; then the objects are created, and it is waited for each to
    /// be ready and for the model to answer. Startup counts from the first create.
    /// </summary>
    /// <param name="model">Model to ask for; null takes the first that is listed.</param>
    /// <param name="timeout">Limit for the whole; FT0402 says which pods were not ready and why.</param>
    /// <param name="cancellation">Stops waiting. What was created stays for Teardown.</param>
    /// <exception cref="FaultMatrixException">
    /// FT0402 not ready in time, FT0403 the graph says that it failed, FT0404 a create was refused, FT0410 somebody else's objects are in
    /// the
    /// way (nothing was made), FT0411 a container that will never be ready.
    /// </exception>
    public async Task<DeployedGraph> DeployAsync(string? model, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var readiness = new ReadinessWait(session, watch, waiting)
        {
            WaitingFor = "what was there before to be gone",
            FailedPatience = FailedPatience,
        };
        try
        {
            var strangers = new Strangers(session);
            await strangers.RefuseObjectsAsync(watch.Graph, both.Token);
            await new GraphRemover(session, log, waiting).RemoveAsync(watch, timeout, both.Token);
            await strangers.RefuseRestAsync(watch, both.Token);
            readiness.WaitingFor = "the graph to be created";
            watch.ExpectStay();
            var started = await CreateAsync(both.Token);
            var answer = await readiness.WhenServingAsync(transport, model, both.Token);
            var ready = log.Ready(watch.Graph.Name);
            timeline.Write(ready,
                new DeploymentReady(watch.Graph.Name, await ProviderAsync(both.Token)) { States = [.. readiness.States] });
            return new DeployedGraph(watch.Graph, answer, started, ready);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0402",
                await ExplainAsync($"not ready within {timeout.TotalSeconds:0.#} s, waiting for {readiness.WaitingFor}", cancellation)
            );
        }
        catch (GraphFailedException e)
        {
            throw new FaultMatrixException(e.Code, await ExplainAsync(e.Message, cancellation), e);
        }
    }

    // The last object is the graph; that it cannot be read now costs no row.
    private async Task<string?> ProviderAsync(CancellationToken cancellation)
    {
        try
        {
            return watch.Graph.Objects is [.., var graph]
                && await session.FindAsync<JsonObject>(graph.Type, graph.Name, cancellation) is { } current
                ? watch.Graph.Kind.ProviderOf(current) : null;
        }
        catch (ClusterException e)
        {
            log.Info("ManagedDeployment", $"what makes the graph's pods cannot be read: {e.Message}");
            return null;
        }
    }

    private async Task<DateTimeOffset> CreateAsync(CancellationToken cancellation)
    {
        var started = log.Starting(watch.Graph.Name);
        timeline.Write(started, new DeploymentCreated(watch.Graph.Name));
        foreach (var made in watch.Graph.Objects)
        {
            await CreateAsync(made, cancellation);
        }

        log.Info("ManagedDeployment", $"Deployment Started {watch.Graph.Name}");
        return started;
    }

    // After a broken create nobody knows whether the object is there; one of the name with our labels is ours, as what was there before is
    // gone.
    private async Task CreateAsync(GraphObject made, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (
                    attempt == 1
                    || await session.FindAsync<JsonObject>(made.Type, made.Name, cancellation) is not { } there
                    || !OwnObjects.IsOurs(there)
                )
                {
                    await session.CreateAsync(made.Type, made.Body, cancellation);
                }

                return;
            }
            catch (ClusterException e) when (made.IsShared && e.Status == System.Net.HttpStatusCode.Conflict)
            {
                // Another row was first, or it was there before the run: it is used as it is.
                return;
            }
            catch (ClusterException e) when (e.IsTransient && attempt < CreateAttempts)
            {
                log.Info("ManagedDeployment", $"{made.Type.Kind} {made.Name}: {e.Message}; looking whether it was created");
                await Task.Delay(CreatePause, session.Time, cancellation);
            }
            catch (ClusterException e) when (e.Status is not null)
            {
                throw new FaultMatrixException(
                    "FT0404",
                    $"graph '{watch.Graph.Name}': {made.Type.Kind} '{made.Name}' was refused: {e.ServerMessage}",
                    e
                );
            }
        }
    }

    private async Task<string> ExplainAsync(string what, CancellationToken cancellation)
    {
        var why = await PodTroubles.ExplainAsync(session, watch, cancellation);
        var text = $"graph '{watch.Graph.Name}' {what}{(why.Length == 0 ? "" : $"; {why}")}";
        log.Error("ManagedDeployment", text);
        return text;
    }
}

/// <summary>A graph that serves.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="Created">When the first object was created.</param>
/// <param name="Ready">When the model answered.</param>
internal sealed record DeployedGraph(Graph Graph, string Model, DateTimeOffset Created, DateTimeOffset Ready)
{
    /// <summary>The reference suite's Startup.</summary>
    public TimeSpan Startup => Ready - Created;
}
