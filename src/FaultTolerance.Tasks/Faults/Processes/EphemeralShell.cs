using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Processes;
using k8s.Models;

namespace FaultTolerance.Faults.Processes;

/// <summary>
/// A shell for containers that have none: an ephemeral container in the PID namespace of the one to be broken, under its user. It ends by
/// itself; the API has no way to take it out of the pod again. (Kubernetes 1.23 and newer.)
/// </summary>
internal static class EphemeralShell
{
    private const string Prefix = "faultmatrix-";
    private const string Subresource = "ephemeralcontainers";

    private static readonly string[] Hopeless =
    [
        "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    ];

    // It need not outlive the proof; a loop of builtins and short sleeps, as a signal to a long sleep might be taken for the fault.
    private const string Idle = "n=0; while [ $n -lt 180 ]; do sleep 1; n=$((n + 1)); done";

    /// <summary>Opens one, or takes the one that runs already, and returns its container's name.</summary>
    /// <exception cref="FaultMatrixException">FT0608: this cluster has none, or does not let us.</exception>
    public static async Task<string> OpenAsync(FaultContext context, PodTarget target, CancellationToken cancellation)
    {
        var pod = context.Watch.Find(target.Pod.Uid) ?? target.Pod;
        var ours = Statuses(pod).Where(s => s.Name.StartsWith(Prefix, StringComparison.Ordinal));
        if (ours.FirstOrDefault(s => s.State?.Running is not null) is { } open)
        {
            return open.Name;
        }

        if (!await context.Session.HasSubresourceAsync(ResourceType.Pods, Subresource, "Pod", cancellation))
        {
            throw Refused(target, $"this cluster ({context.Session.ServerVersion}) has no ephemeral containers that could lend it one");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(pod.Object.Spec.EphemeralContainers?.Count ?? 0) + 1}");
        context.Say($"Container {target.Container} of {target.Name} has no shell; adding ephemeral container {name}");
        try
        {
            var patch = Patch(pod, target.Container, name, context.Options.ShellImage);
            await context.Session.PatchAsync(ResourceType.Pods, pod.Name, patch, cancellation, Subresource);
        }
        catch (ClusterException e) when (e.Status is System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.UnprocessableEntity)
        {
            throw Refused(target, $"an ephemeral container was refused: {e.ServerMessage} (needs patch pods/{Subresource})", e);
        }

        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var why = await context.Watch.WhenAsync(_ => Outcome(context.Watch.Find(pod.Uid), name), both.Token);
            return why.Length == 0 ? name : throw Refused(target, $"ephemeral container '{name}' does not run: {why}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Refused(target, $"ephemeral container '{name}' did not start within {context.Options.ProofTimeout.TotalSeconds:0.#} s");
        }
    }

    private static JsonObject Patch(GraphPod pod, string target, string name, string image)
    {
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = image,
            ["targetContainerName"] = target,
            ["command"] = new JsonArray("/bin/sh", "-c", Idle, ProcessScript.Marker),
        };

        // A process may signal those of its own user. Whose an image's own user is only the image knows: then root, as the image has it.
        var own = pod.Object.Spec.Containers.First(container => container.Name == target).SecurityContext;
        if ((own?.RunAsUser ?? pod.Object.Spec.SecurityContext?.RunAsUser) is { } user)
        {
            var security = new JsonObject
            {
                ["runAsUser"] = user,
                ["allowPrivilegeEscalation"] = false,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            };
            if ((own?.RunAsGroup ?? pod.Object.Spec.SecurityContext?.RunAsGroup) is { } group)
            {
                security["runAsGroup"] = group;
            }

            if (user != 0)
            {
                security["runAsNonRoot"] = true;
            }

            container["securityContext"] = security;
        }

        return new JsonObject { ["spec"] = new JsonObject { ["ephemeralContainers"] = new JsonArray(container) } };
    }

    /// <summary>What became of an ephemeral container: empty when it runs; why it never will; null while that is open.</summary>
    public static string? Outcome(GraphPod? pod, string name)
    {
        if (pod is null)
        {
            return "the pod is gone";
        }

        var state = Statuses(pod).FirstOrDefault(s => s.Name == name)?.State;
        return state switch
        {
            { Running: not null } => "",
            { Terminated: { } ended } => $"{ended.Reason}, exit code {ended.ExitCode} {ended.Message}".TrimEnd(),
            { Waiting: { } waiting } when Hopeless.Contains(waiting.Reason, StringComparer.Ordinal) =>
                $"{waiting.Reason} {waiting.Message}".TrimEnd(),
            _ => null,
        };
    }

    private static IEnumerable<V1ContainerStatus> Statuses(GraphPod pod) => pod.Object.Status?.EphemeralContainerStatuses ?? [];

    private static FaultMatrixException Refused(PodTarget target, string why, Exception? inner = null) => new(
        "FT0608",
        $"container '{target.Container}' of pod '{target.Name}' has no /bin/sh, which killing a process needs, and {why}; use pod deletion",
        inner);
}
