using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Network;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Everything a container needs to be started, worked out from pod and image.</summary>
internal sealed record ContainerPlan(
    ImageFolder Image, IReadOnlyList<string> Command, string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment, IReadOnlyList<(string Source, string Target)> Mounts, string View)
{
    /// <summary>Works it out; <c>command</c> replaces the image's entrypoint and default arguments, <c>args</c> only the latter.</summary>
    /// <exception cref="ContainerConfigException">Something named is not there, or not supported.</exception>
    public static ContainerPlan Make(PodServices services, PodWorker pod, JsonObject spec, ImageFolder image)
    {
        var environment = services.Environment.Build(pod.Pod, spec, image, pod.Ip);
        var own = spec.Texts("command");
        var arguments = spec.Texts("args");
        List<string> command =
        [
            .. own.Count > 0 ? own : image.Entrypoint,
            .. arguments.Count > 0 ? arguments : own.Count > 0 ? [] : image.Command,
        ];
        if (command.Count == 0)
        {
            throw new ContainerConfigException($"no command specified: neither the container nor image {image.Name} names one");
        }

        if (services.Isolation.HasMounts)
        {
            environment.TryAdd("TMPDIR", PodVolumes.Temporary);
        }
        else
        {
            var (variable, folder) = services.Volumes.AccountFolder(pod.Pod, spec, pod.Folder);
            environment.TryAdd(variable, folder);
        }

        return new ContainerPlan(
            image,
            [.. command.Select(c => ContainerEnvironment.Expand(c, environment))],
            Path.GetFullPath(spec.Text("workingDir") ?? image.WorkingDirectory ?? "/", "/"),
            environment,
            [.. services.Volumes.Mounts(pod.Pod, spec, pod.Folder, services.Isolation.HasMounts), .. Resolver(pod)],
            Directory.CreateDirectory(Path.Combine(pod.Folder, "views", spec.Text("name") ?? "")).FullName);
    }

    // In a network of its own a pod asks the cluster's name server. A link would lead out of what the container sees.
    private static IEnumerable<(string Source, string Target)> Resolver(PodWorker pod)
    {
        if (pod.Network?.Names is null)
        {
            yield break;
        }

        const string OfMachine = "/etc/resolv.conf";
        var file = Path.Combine(pod.Folder, "resolv.conf");
        File.WriteAllText(file, ClusterNames.Configuration(pod.Namespace));
        yield return (file, File.ResolveLinkTarget(OfMachine, returnFinalTarget: true)?.FullName ?? OfMachine);
    }
}

/// <summary>One instance of a container.</summary>
/// <param name="Process">Its process; null when it could not be started.</param>
/// <param name="Plan">What it was started with.</param>
/// <param name="Log">Its output.</param>
internal sealed record ContainerInstance(ContainerProcess? Process, ContainerPlan Plan, ContainerLog Log);
