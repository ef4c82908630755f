using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using k8s.Models;

namespace FaultTolerance.Deployments.Platform;

/// <summary>
/// The stand-in's resource definition and operator in a cluster without the Dynamo platform. Everything of it carries the label
/// <see cref="PartOf"/>; what does not carry it is somebody else's and stays as it is.
/// </summary>
/// <param name="session">Where.</param>
/// <param name="folder">Folder of its manifests: definitions and operators, with and without Grove.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class StandInPlatform(ClusterSession session, string folder, Action<string>? waiting = null)
{
    /// <summary>The label of everything that belongs to the stand-in's platform.</summary>
    public const string PartOf = "app.kubernetes.io/part-of";

    /// <summary>Selects what belongs to the stand-in's platform.</summary>
    public const string Selector = $"{PartOf}={Ours}";

    internal const string Ours = "faultmatrix-stand-in";
    private const string Group = "nvidia.com";
    private const string Graphs = "dynamographdeployments";
    private const string GroveAnnotation = "faultmatrix.dev/grove";
    private const string Definitions = "crd.yaml";
    private const string GroveDefinitions = "grove.yaml";
    private const string Operator = "operator-namespaced.yaml";
    private const string NamespaceMark = "stand-in-namespace";
    private static readonly Cluster.Observation.Selector OfPlatform = new(Label: Selector);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly ResourceType[] Types =
    [
        ResourceType.ServiceAccounts,
        ResourceType.Roles,
        ResourceType.RoleBindings,
        ResourceType.Deployments,
    ];

    /// <summary>Whether the stand-in's Grove is installed too, so that graphs that do not refuse it become PodCliqueSets.</summary>
    public bool Grove { get; init; }

    /// <summary>Installs it, or brings what is there up to date, and waits until the operator is available.</summary>
    /// <param name="image">Image of the operator; null keeps the manifest's.</param>
    /// <param name="timeout">How long the operator may take.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>What was applied, <c>Kind/name</c>.</returns>
    /// <exception cref="FaultMatrixException">FT0407: there is a Dynamo platform, or a Grove; FT0402: the operator does not come up.</exception>
    public async Task<IReadOnlyList<string>> InstallAsync(string? image, TimeSpan timeout, CancellationToken cancellation)
    {
        string[] files = Grove ? [Definitions, GroveDefinitions] : [Definitions];
        var definitions = new PlatformDefinitions(session, await ReadAsync(files, cancellation));
        var objects = await ReadAsync(Grove ? ["grove-namespaced.yaml", Operator] : [Operator], cancellation);
        await definitions.RefuseOthersAsync(cancellation);
        var applied = new List<string>(await definitions.ApplyAsync(cancellation));
        using var limit = new CancellationTokenSource(timeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var waitingFor = "the resource definitions to be served";
        try
        {
            await definitions.WhenServedAsync(both.Token);
            foreach (var body in objects)
            {
                var type = Types.First(t => t.Kind == body["kind"]!.GetValue<string>());
                if (image is not null && type == ResourceType.Deployments)
                {
                    body["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image;
                }

                if (type == ResourceType.Deployments)
                {
                    // An operator looks for Grove when it starts: one that is there begins anew where that has changed.
                    body["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { [GroveAnnotation] = Grove ? "true" : "false" };
                }

                waitingFor = $"{type.Kind} '{PlatformObjects.NameOf(body)}' to be applied";
                applied.Add(await new PlatformObjects(session).ApplyAsync(type, body, both.Token));
                if (type == ResourceType.Deployments)
                {
                    waitingFor = "the operator to be available";
                    await WhenAvailableAsync(new GraphObject(type, body), both.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0402",
                $"the stand-in is not installed after {timeout.TotalSeconds:0.#} s, waiting for {waitingFor}{await WhyAsync(cancellation)}"
            );
        }

        return applied;
    }

    /// <summary>Removes it. The definition stays while graphs or another namespace's operator need it.</summary>
    /// <param name="timeout">How long its pods may take to go.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>What was removed, and why the definition was kept (null when it was not).</returns>
    /// <exception cref="FaultMatrixException">FT0408: graphs are left in this namespace; FT0405: something stays.</exception>
    public async Task<(IReadOnlyList<string> Removed, string? Kept)> UninstallAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var ours = OfPlatform;
        var version = await session.ServedVersionsAsync(Group, cancellation) is [var first, ..] ? first : null;
        var definition = await session.FindAsync<JsonObject>(ResourceType.Definitions, $"{Graphs}.{Group}", cancellation);
        if (
            version is not null
            && PlatformObjects.IsOurs(definition)
            && (await session.ListAsync<JsonObject>(ResourceType.DynamoGraphDeployments(version), default, cancellation))
                is { Count: > 0 } left
        )
        {
            throw new FaultMatrixException(
                "FT0408",
                $"namespace '{session.Namespace}' still has the graphs {string.Join(", ", left.Select(PlatformObjects.NameOf))}; ./build.sh Teardown removes this tool's"
            );
        }

        var removed = new List<string>();
        foreach (var type in Types.Reverse())
        {
            foreach (var item in await session.ListAsync<JsonObject>(type, ours, cancellation))
            {
                if (
                    await session.DeleteAsync(
                        type,
                        PlatformObjects.NameOf(item),
                        new Deletion(Foreground: type == ResourceType.Deployments, Uid: item["metadata"]!["uid"]?.GetValue<string>()),
                        cancellation
                    )
                )
                {
                    removed.Add($"{type.Kind}/{PlatformObjects.NameOf(item)}");
                }
            }
        }

        await WhenGoneAsync(ours, timeout, cancellation);
        if (!PlatformObjects.IsOurs(definition))
        {
            return (removed, null);
        }

        if (await NeededAsync(version, cancellation) is { } why)
        {
            return (removed, why);
        }

        var definitions = await ReadAsync([Definitions, GroveDefinitions], cancellation);
        removed.AddRange(await new PlatformDefinitions(session, definitions).RemoveAsync(cancellation));
        return (removed, null);
    }

    private async Task<IReadOnlyList<JsonObject>> ReadAsync(IEnumerable<string> files, CancellationToken cancellation)
    {
        var bodies = new List<JsonObject>();
        foreach (var file in files)
        {
            var manifest = await Manifest.LoadAsync(Path.Combine(folder, file), cancellation);
            bodies.AddRange(manifest.Documents.Select(d => d.Body));
        }

        foreach (
            var subject in bodies
                .SelectMany(body => (body["subjects"] as JsonArray ?? []).OfType<JsonObject>())
                .Where(s => s["namespace"]?.GetValue<string>() == NamespaceMark)
        )
        {
            subject["namespace"] = session.Namespace;
        }

        return bodies;
    }

    private async Task WhenAvailableAsync(GraphObject asked, CancellationToken cancellation)
    {
        var kind = new PlainGraphKind();
        var hopeless = new HopelessPods(session.Time);
        IReadOnlyList<V1Pod> pods = [];
        var notice = new WaitNotice(session.Time, waiting, token => new LastWords(session).OfAsync(pods, token));
        while (
            await session.FindAsync<JsonObject>(asked.Type, asked.Name, cancellation) is not { } current
            || kind.Judge(asked, current).State != ReadyState.Ready
        )
        {
            pods = await session.ListAsync<V1Pod>(ResourceType.Pods, OfPlatform, cancellation);
            if (hopeless.Why(pods) is { } why)
            {
                throw new FaultMatrixException(
                    "FT0411",
                    $"the stand-in's operator in namespace '{session.Namespace}' will not become ready, {why}{await new LastWords(session).OfAsync(pods, cancellation)}"
                );
            }

            await notice.WaitingAsync(
                $"the operator to be available{string.Concat(pods.Select(p => $"; {p.Metadata.Name}: {PodTroubles.Describe(p)}"))}",
                cancellation
            );
            await Task.Delay(Pause, session.Time, cancellation);
        }
    }

    // Deleted in the foreground, a deployment stays listed until the last of its pods has gone, and a little longer.
    private async Task WhenGoneAsync(Selector ours, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var notice = new WaitNotice(session.Time, waiting);
        var left = "";
        try
        {
            while ((left = await LeftAsync(ours, both.Token)).Length > 0)
            {
                await notice.WaitingAsync($"the stand-in's pods to go: {left}", both.Token);
                await Task.Delay(Pause, session.Time, both.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0405",
                $"the stand-in's pods in namespace '{session.Namespace}' did not go within {timeout.TotalSeconds:0} s: {left}"
            );
        }
    }

    // What is still there, and what holds it.
    private async Task<string> LeftAsync(Selector ours, CancellationToken cancellation)
    {
        var deployments = await session.ListAsync<JsonObject>(ResourceType.Deployments, ours, cancellation);
        var pods = await session.ListAsync<V1Pod>(ResourceType.Pods, ours, cancellation);
        return string.Join(
            ", ",
            [
                .. deployments.Select(d => OwnObject.Of(ResourceType.Deployments, d).Describe()),
                .. pods.Select(p => $"Pod '{p.Metadata.Name}' ({PodTroubles.Describe(p)})"),
            ]
        );
    }

    // Whoever may not look into other namespaces may not take the definition away from them either.
    private async Task<string?> NeededAsync(string? version, CancellationToken cancellation)
    {
        try
        {
            foreach (
                var (path, what) in new[]
                {
                    ($"/apis/{Group}/{version}/{Graphs}", "graphs"),
                    ($"/apis/apps/v1/deployments?labelSelector={Uri.EscapeDataString($"{PartOf}={Ours}")}", "stand-in operators"),
                }
            )
            {
                var call = new ApiCall("list", $"{what} of all namespaces", null);
                using var all = await session.Api.GetAsync(call, path, cancellation);
                var spaces = session.Expect(call, all, root =>
                    root.GetProperty("items")
                        .EnumerateArray()
                        .Select(i => i.GetProperty("metadata").GetProperty("namespace").GetString())
                        .Distinct(StringComparer.Ordinal)
                        .ToArray()
                );
                if (spaces.Length > 0)
                {
                    return $"{what} in {string.Join(", ", spaces)} need it";
                }
            }

            return null;
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return "whether other namespaces need it cannot be seen with these rights";
        }
    }

    private async Task<string> WhyAsync(CancellationToken cancellation)
    {
        var pods = await session.ListAsync<V1Pod>(ResourceType.Pods, OfPlatform, cancellation);
        var last = await new LastWords(session).OfAsync(pods, cancellation);
        return string.Concat(pods.Select(p => $"; {p.Metadata.Name}: {PodTroubles.Describe(p)}")) + last;
    }
}
