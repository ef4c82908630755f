using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Channels;
using k8s.Models;

namespace FaultTolerance.Faults.Lasting;

/// <summary>The pod that an undo is for, as it stands now.</summary>
/// <param name="session">Where.</param>
/// <param name="name">Its name.</param>
/// <param name="uid">Its uid: another of the same name is another pod.</param>
/// <param name="container">The container that is meant.</param>
internal sealed class LeftPod(ClusterSession session, string name, string uid, string container)
{
    private const string Lent = "faultmatrix-";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>That of an undo which <see cref="Note(PodTarget)"/> made.</summary>
    public static LeftPod Of(ClusterSession session, JsonObject undo)
    {
        ArgumentNullException.ThrowIfNull(undo);
        return new LeftPod(
            session, undo["pod"]!.GetValue<string>(), undo["uid"]!.GetValue<string>(), undo["container"]!.GetValue<string>());
    }

    /// <summary>What an undo has to know of a pod.</summary>
    public static JsonObject Note(PodTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new JsonObject { ["pod"] = target.Name, ["uid"] = target.Pod.Uid, ["container"] = target.Container };
    }

    /// <summary>What an undo has to know of it.</summary>
    public JsonObject Note() => new() { ["pod"] = name, ["uid"] = uid, ["container"] = container };

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether the container runs; null where the pod is gone.</summary>
    public async Task<bool?> RunsAsync(CancellationToken cancellation) =>
        await FindAsync(cancellation) is { } pod
            ? pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == container)?.State?.Running is not null : null;

    /// <summary>Waits until the container runs or the pod is gone; whether it runs.</summary>
    public async Task<bool> WhenRunsAsync(CancellationToken cancellation)
    {
        while (true)
        {
            switch (await RunsAsync(cancellation))
            {
                case true:
                    return true;
                case null:
                    return false;
            }

            await Task.Delay(Look, session.Time, cancellation);
        }
    }

    /// <summary>Runs a command in the container; where that has no shell, in the one that was lent.</summary>
    public async Task<ExecResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var result = await session.Exec.RunAsync(name, container, command, Limit, cancellation);
        return result is { Output.Length: 0, ExitCode: not 0 } && await LentAsync(cancellation) is { } shell
            ? await session.Exec.RunAsync(name, shell, command, Limit, cancellation) : result;
    }

    private async Task<string?> LentAsync(CancellationToken cancellation) =>
        (await FindAsync(cancellation))?.Status?.EphemeralContainerStatuses?
            .FirstOrDefault(s => s.Name.StartsWith(Lent, StringComparison.Ordinal) && s.State?.Running is not null)?.Name;

    private async Task<V1Pod?> FindAsync(CancellationToken cancellation) =>
        await session.FindAsync<V1Pod>(ResourceType.Pods, name, cancellation) is { } pod && pod.Metadata.Uid == uid ? pod : null;
}
