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
/// <param name="folder">Folder with <c>crd.yaml</c> and <c>operator-namespaced.yaml</c>.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class StandInPlatform(ClusterSession session, string folder, Action<string>? waiting = null)
{
    /// <summary>The label of everything that belongs to the stand-in's platform.</summary>
    public const string PartOf = "app.kubernetes.io/part-of";

    /// <summary>Selects what belongs to the stand-in's platform.</summary>
    public const string Selector = $"{PartOf}={Ours}";

    private const string Ours = "faultmatrix-stand-in";
    private const string Group = "nvidia.com";
    private const string Graphs = "dynamographdeployments";
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

    /// <summary>Installs it, or brings what is there up to date, and waits until the operator is available.</summary>
    /// <param name="image">Image of the operator; null keeps the manifest's.</param>
    /// <param name="timeout">How long the operator may take.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>What was applied, <c>Kind/name</c>.</returns>
    /// <exception cref="FaultMatrixException">FT0407: there is a Dynamo platform; FT0402: the operator does not come up.</exception>
    public async Task<IReadOnlyList<string>> InstallAsync(string? image, TimeSpan timeout, CancellationToken cancellation)
    {
        var definition = (await ReadAsync("crd.yaml", cancellation)).Single();
        var objects = await ReadAsync("operator-namespaced.yaml", cancellation);
        await RefuseOthersAsync(cancellation);
        var applied = new List<string> { await ApplyAsync(ResourceType.Definitions, definition, cancellation) };
        using var limit = new CancellationTokenSource(timeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var waitingFor = "the resource definition to be served";
        try
        {
            await WhenServedAsync(definition, both.Token);
            foreach (var body in objects)
            {
                var type = Types.First(t => t.Kind == body["kind"]!.GetValue<string>());
                if (image is not null && type == ResourceType.Deployments)
                {
                    body["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image;
                }

                waitingFor = $"{type.Kind} '{NameOf(body)}' to be applied";
                applied.Add(await ApplyAsync(type, body, both.Token));
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
            && IsOurs(definition)
            && (await session.ListAsync<JsonObject>(ResourceType.DynamoGraphDeployments(version), default, cancellation))
                is { Count: > 0 } left
        )
        {
            throw new FaultMatrixException(
                "FT0408",
                $"namespace '{session.Namespace}' still has the graphs {string.Join(", ", left.Select(NameOf))}; ./build.sh Teardown removes this tool's"
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
                        NameOf(item),
                        new Deletion(Foreground: type == ResourceType.Deployments, Uid: item["metadata"]!["uid"]?.GetValue<string>()),
                        cancellation
                    )
                )
                {
                    removed.Add($"{type.Kind}/{NameOf(item)}");
                }
            }
        }

        await WhenGoneAsync(ours, timeout, cancellation);
        if (!IsOurs(definition))
        {
            return (removed, null);
        }

        if (await NeededAsync(version, cancellation) is { } why)
        {
            return (removed, why);
        }

        await session.DeleteAsync(ResourceType.Definitions, NameOf(definition!), default, cancellation);
        removed.Add($"{ResourceType.Definitions.Kind}/{NameOf(definition!)}");
        return (removed, null);
    }

    private static bool IsOurs(JsonObject? item) => item?["metadata"]?["labels"]?[PartOf]?.GetValue<string>() == Ours;

    private static string NameOf(JsonObject item) => item["metadata"]!["name"]!.GetValue<string>();

    private async Task<IReadOnlyList<JsonObject>> ReadAsync(string file, CancellationToken cancellation)
    {
        var manifest = await Manifest.LoadAsync(Path.Combine(folder, file), cancellation);
        foreach (
            var subject in manifest
                .Documents.SelectMany(d => (d.Body["subjects"] as JsonArray ?? []).OfType<JsonObject>())
                .Where(s => s["namespace"]?.GetValue<string>() == NamespaceMark)
        )
        {
            subject["namespace"] = session.Namespace;
        }

        return [.. manifest.Documents.Select(d => d.Body)];
    }

    // The GPU operator is in the group too; Dynamo's own resources are what tells its platform.
    private async Task RefuseOthersAsync(CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var version in await session.ServedVersionsAsync(Group, cancellation))
        {
            var call = new ApiCall("get", $"/apis/{Group}/{version}", null);
            using var served = await session.Api.GetAsync(call, $"/apis/{Group}/{version}", cancellation);
            found.AddRange(
                session.Expect(call, served, root =>
                    root.GetProperty("resources")
                        .EnumerateArray()
                        .Select(r => r.GetProperty("name").GetString()!)
                        .Where(name => name.StartsWith("dynamo", StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal))
                        .ToArray()
                )
            );
        }

        var foreign = found.Distinct(StringComparer.Ordinal).Where(name => name != Graphs).Select(name => $"{name}.{Group}").ToList();
        if (
            await session.FindAsync<JsonObject>(ResourceType.Definitions, $"{Graphs}.{Group}", cancellation) is { } definition
            && !IsOurs(definition)
        )
        {
            foreign.Add($"a definition of {Graphs}.{Group} that is not the stand-in's");
        }

        if (foreign.Count > 0)
        {
            throw new FaultMatrixException(
                "FT0407",
                $"this cluster has a Dynamo platform ({string.Join(", ", foreign)}): the stand-in is not installed beside it, as both would act on the same graphs"
            );
        }
    }

    private async Task<string> ApplyAsync(ResourceType type, JsonObject body, CancellationToken cancellation)
    {
        var name = NameOf(body);
        if (await session.FindAsync<JsonObject>(type, name, cancellation) is not { } there)
        {
            await session.CreateAsync(type, body, cancellation);
        }
        else if (IsOurs(there))
        {
            await session.PatchAsync(type, name, body, cancellation);
        }
        else
        {
            throw new FaultMatrixException(
                "FT0407",
                $"{type.Kind} '{name}' in namespace '{session.Namespace}' is not the stand-in's and stays as it is; choose another --namespace"
            );
        }

        return $"{type.Kind}/{name}";
    }

    private async Task WhenServedAsync(JsonObject definition, CancellationToken cancellation)
    {
        var wanted = definition["spec"]!["versions"]!.AsArray().Select(v => v!["name"]!.GetValue<string>()).ToArray();
        while (wanted.Except(await session.ServedVersionsAsync(Group, cancellation), StringComparer.Ordinal).Any())
        {
            await Task.Delay(Pause, session.Time, cancellation);
        }
    }

    private async Task WhenAvailableAsync(GraphObject asked, CancellationToken cancellation)
    {
        var kind = new PlainGraphKind();
        var hopeless = new HopelessPods(session.Time);
        var notice = new WaitNotice(session.Time, waiting);
        while (
            await session.FindAsync<JsonObject>(asked.Type, asked.Name, cancellation) is not { } current
            || kind.Judge(asked, current).State != ReadyState.Ready
        )
        {
            var pods = await session.ListAsync<V1Pod>(ResourceType.Pods, OfPlatform, cancellation);
            if (hopeless.Why(pods) is { } why)
            {
                throw new FaultMatrixException(
                    "FT0411",
                    $"the stand-in's operator in namespace '{session.Namespace}' will not become ready, {why}"
                );
            }

            notice.Waiting(
                $"the operator to be available{string.Concat(pods.Select(p => $"; {p.Metadata.Name}: {PodTroubles.Describe(p)}"))}"
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
        try
        {
            while (await session.ListAsync<JsonObject>(ResourceType.Deployments, ours, both.Token) is { Count: > 0 }
                || await session.ListAsync<JsonObject>(ResourceType.Pods, ours, both.Token) is { Count: > 0 })
            {
                notice.Waiting($"the stand-in's pods to go{await WhyAsync(both.Token)}");
                await Task.Delay(Pause, session.Time, both.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0405",
                $"the stand-in's pods in namespace '{session.Namespace}' did not go within {timeout.TotalSeconds:0} s{await WhyAsync(cancellation)}"
            );
        }
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
        return string.Concat(pods.Select(p => $"; {p.Metadata.Name}: {PodTroubles.Describe(p)}"));
    }
}
