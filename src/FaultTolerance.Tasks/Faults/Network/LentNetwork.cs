using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Channels;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Processes;
using k8s.Models;

namespace FaultTolerance.Faults.Network;

/// <summary>
/// By tc and nft in the pod's own network namespace, in an ephemeral container with NET_ADMIN, never on the node. The container undoes it
/// at its deadline and ends. (Kubernetes 1.23 and newer.)
/// </summary>
internal sealed class LentNetwork : INetworkMeans
{
    private const string Subresource = "ephemeralcontainers";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Word => "container";

    /// <inheritdoc/>
    public async Task<string?> RefusalAsync(ClusterSession session, FaultOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        if (!await session.HasSubresourceAsync(ResourceType.Pods, Subresource, "Pod", cancellation))
        {
            return $"this cluster ({session.ServerVersion}) has no ephemeral containers; a local cluster makes such faults itself "
                + "where it can give pods networks of their own (it takes root, or unshare --user --map-root-user before the command)";
        }

        return options.NetworkImage is { Length: > 0 } ? null
            : "no image with tc and nft is given for the container that makes it (--network-image)";
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultContext context, string name, NetworkEffect effect, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(effect);
        var target = (PodTarget)context.Target;
        var peers = effect.From is not { } from ? []
            : context.Watch.Pods.Where(pod => pod.Service == from).Select(pod => pod.Object.Status?.PodIP).OfType<string>();
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = context.Options.NetworkImage,
            ["command"] = new JsonArray(
                [.. LentNetworkScript.Command(name, Work.Seconds(context), effect, peers).Select(word => JsonValue.Create(word))]),
            ["securityContext"] = new JsonObject
            {
                ["runAsUser"] = 0,
                ["runAsNonRoot"] = false,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL"), ["add"] = new JsonArray("NET_ADMIN") },
            },
        };
        try
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["ephemeralContainers"] = new JsonArray(container) } };
            await context.Session.PatchAsync(ResourceType.Pods, target.Name, patch, cancellation, Subresource);
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity)
        {
            throw new FaultMatrixException(
                "FT0631",
                $"pod '{target.Name}' was not lent a container with NET_ADMIN: {e.ServerMessage} (needs patch pods/{Subresource})",
                e);
        }

        using var time = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        var why = await context.Watch.WhenAsync(_ => EphemeralShell.Outcome(context.Watch.Find(target.Pod.Uid), name), both.Token);
        if (why.Length > 0)
        {
            throw new FaultMatrixException("FT0631", $"the container that breaks the network of pod '{target.Name}' does not run: {why}");
        }
    }

    /// <inheritdoc/>
    public async Task<NetworkCounts?> CountsAsync(FaultContext context, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var result = await context.Session.Exec.RunAsync(
            context.Target.Name, name, LentNetworkScript.Counting(), context.Options.ExecTimeout, cancellation);
        return LentNetworkScript.Counts(result.Output);
    }

    /// <inheritdoc/>
    public async Task<string> EndAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(undo);
        var (name, pod) = (undo["name"]!.GetValue<string>(), LeftPod.Of(session, undo));
        switch (await StateAsync(session, pod, undo, name, cancellation))
        {
            case null:
                return $"pod '{pod.Name}' has no such container";
            case { Terminated: not null }:
                return "the container that made it has undone it and ended";
        }

        var result = await session.Exec.RunAsync(pod.Name, name, LentNetworkScript.Ending(name), Limit, cancellation);
        return Ended(result) ? "tc and nft show nothing of it any more" : throw new FaultMatrixException(
            "FT0615",
            $"the network of pod '{pod.Name}' is still broken: {ForeignText.Line($"{result.Output} {result.Errors} {result.Failure}".Trim())}");
    }

    private static bool Ended(ExecResult result) => result.Output.Split('\n').Contains("ended", StringComparer.Ordinal);

    private static async Task<V1ContainerState?> StateAsync(
        ClusterSession session, LeftPod pod, JsonObject undo, string name, CancellationToken cancellation)
    {
        var now = await session.FindAsync<V1Pod>(ResourceType.Pods, pod.Name, cancellation);
        return now?.Metadata.Uid == undo["uid"]!.GetValue<string>()
            ? now.Status?.EphemeralContainerStatuses?.FirstOrDefault(status => status.Name == name)?.State : null;
    }
}
