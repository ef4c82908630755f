using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs.Manifests;

namespace FaultTolerance.Deployments.Platform;

/// <summary>
/// Restarts the Dynamo platform's etcd and NATS, which all graphs of the namespace share. Done only when it is asked for.
/// </summary>
/// <param name="session">Where.</param>
/// <param name="log">The runner's log.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class PlatformRestart(ClusterSession session, TestLog log, Action<string>? waiting = null)
{
    private static readonly Permission[] Needed =
    [
        new("get", "apps", "statefulsets"),
        new("list", "apps", "statefulsets"),
        new("watch", "apps", "statefulsets"),
        new("patch", "apps", "statefulsets"),
    ];
    private static readonly string[] Parts = ["etcd", "nats"];

    /// <summary>Rolls the StatefulSets out anew, as <c>kubectl rollout restart</c> does, and waits until they are ready.</summary>
    /// <param name="timeout">Limit for the whole.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="FaultMatrixException">FT0409: there are none, or they do not become ready.</exception>
    public async Task RunAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        await session.RequireAsync(Needed, cancellation);
        var names = (await FindAsync(cancellation)).ToList();
        if (names.Count == 0)
        {
            throw new FaultMatrixException(
                "FT0409",
                $"--restart-platform: namespace '{session.Namespace}' has no StatefulSet of etcd or NATS; leave it out, or name the platform's namespace"
            );
        }

        using var limit = new CancellationTokenSource(timeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var open = new ConcurrentDictionary<string, byte>(
                names.Select(name => new KeyValuePair<string, byte>(name, 0)),
                StringComparer.Ordinal
            );
            await new WaitNotice(session.Time, waiting).WhileAsync(
                Task.WhenAll(
                    names.Select(async name =>
                    {
                        await RestartAsync(name, both.Token);
                        open.TryRemove(name, out _);
                    })
                ),
                () => $"{string.Join(", ", open.Keys.Order(StringComparer.Ordinal).Select(name => $"StatefulSet '{name}'"))} to be ready again",
                both.Token
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0409",
                $"--restart-platform: {string.Join(", ", names)} in namespace '{session.Namespace}' not ready again within {timeout.TotalSeconds:0} s"
            );
        }
    }

    private async Task<IEnumerable<string>> FindAsync(CancellationToken cancellation)
    {
        try
        {
            return (await session.ListAsync<JsonObject>(ResourceType.StatefulSets, default, cancellation))
                .Select(s => s["metadata"]!["name"]!.GetValue<string>())
                .Where(name => Parts.Any(part => name == part || name.EndsWith($"-{part}", StringComparison.Ordinal)));
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    private async Task RestartAsync(string name, CancellationToken cancellation)
    {
        log.Info("ManagedDeployment", $"Restarting StatefulSet {name}");
        var now = session.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var patch = new JsonObject();
        ContainerEdits.Child(patch, "spec", "template", "metadata", "annotations")["kubectl.kubernetes.io/restartedAt"] = now;
        var asked = await session.PatchAsync(ResourceType.StatefulSets, name, patch, cancellation);
        var generation = Number(asked["metadata"], "generation");
        await foreach (var change in session.WatchAsync<JsonObject>(ResourceType.StatefulSets, Selector.Named(name), cancellation))
        {
            if (change.Object is { } current && Number(current["status"], "observedGeneration") >= generation
                && Number(current["status"], "updatedReplicas") >= Number(current["spec"], "replicas")
                && Number(current["status"], "readyReplicas") >= Number(current["spec"], "replicas"))
            {
                log.Info("ManagedDeployment", $"Restarted StatefulSet {name}");
                return;
            }
        }
    }

    private static long Number(JsonNode? holder, string property) =>
        holder?[property] is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
}
