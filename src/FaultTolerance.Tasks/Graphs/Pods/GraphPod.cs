using System.Globalization;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>A pod of the graph, as last seen.</summary>
/// <param name="Service">The service it belongs to.</param>
/// <param name="Object">The pod.</param>
internal sealed record GraphPod(GraphService Service, V1Pod Object)
{
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";
    private const string LwsIndex = "leaderworkerset.sigs.k8s.io/worker-index";
    private const string GroveClique = "grove.io/podclique";
    private const int DefaultHttpPort = 8000;
    private const int DefaultMetricsPort = 9090;

    // What the controllers of Deployments, of Grove's cliques, of LeaderWorkerSets and of StatefulSets write on a pod of their templates.
    private static readonly string[] TemplateHashes =
        ["pod-template-hash", "grove.io/pod-template-hash", "leaderworkerset.sigs.k8s.io/template-revision-hash", "controller-revision-hash"];

    private static readonly string[] Engines = ["engine", "vllm-engine", "engine-0"];
    private static readonly string[] ServingPorts = ["http", "system", "metrics"];

    // What meshes, vaults and clouds put into pods of others beside the containers of their manifests.
    private static readonly string[] Injected =
        ["istio-proxy", "linkerd-proxy", "envoy", "envoy-sidecar", "consul-dataplane", "kuma-sidecar", "daprd", "vault-agent", "aws-guardduty-agent"];

    /// <summary>Its name.</summary>
    public string Name => Object.Metadata.Name;

    /// <summary>Its uid.</summary>
    public string Uid => Object.Metadata.Uid;

    /// <summary>When it was created.</summary>
    public DateTime Created => Object.Metadata.CreationTimestamp ?? DateTime.MinValue;

    /// <summary>Whether it is being deleted.</summary>
    public bool IsTerminating => Object.Metadata.DeletionTimestamp is not null;

    /// <summary>Whether its Ready condition holds and it is not being deleted.</summary>
    public bool IsReady => !IsTerminating && (Object.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") ?? false);

    /// <summary>
    /// The container that does the service's work: the one that is called as its role, else the one that the pod's annotation
    /// <c>kubectl.kubernetes.io/default-container</c> names, else <c>main</c>, else an engine's, else the first that serves, else the
    /// first. Containers that are known to be injected are passed over; native sidecars are init containers, and so none of these.
    /// </summary>
    public V1Container MainContainer =>
        Named(Service.Role)
        ?? Named(Object.Metadata?.Annotations?.TryGetValue(DefaultContainer, out var name) == true ? name : null)
        ?? Named("main")
        ?? Engines.Select(Named).FirstOrDefault(c => c is not null)
        ?? Own.FirstOrDefault(c => c.Ports?.Any(p => ServingPorts.Contains(p.Name, StringComparer.Ordinal)) == true)
        ?? Own.FirstOrDefault(c => c.Ports is [_, ..])
        ?? Own.FirstOrDefault()
        ?? Object.Spec.Containers[0];

    /// <summary>Status of <see cref="MainContainer"/>; null before the kubelet wrote one.</summary>
    public V1ContainerStatus? MainStatus => Object.Status?.ContainerStatuses?.FirstOrDefault(s => s.Name == MainContainer.Name);

    /// <summary>Port of the frontend's HTTP: the container's port named <c>http</c>, else its only one, else 8000.</summary>
    public int HttpPort => FrontendContainer is { } frontend && frontend != MainContainer
        ? frontend.Ports?.FirstOrDefault(p => p.Name == "http")?.ContainerPort
            ?? (frontend.Ports is [var only] ? only.ContainerPort : DefaultHttpPort)
        : Port("http") ?? OnlyPort ?? DefaultHttpPort;

    /// <summary>
    /// Port of <c>/metrics</c>: the frontend's HTTP port; otherwise the one that the container's <c>DYN_SYSTEM_PORT</c> names, else the
    /// port named <c>system</c> or <c>metrics</c>, else the only one, else 9090.
    /// </summary>
    public int MetricsPort =>
        Service.Role == GraphRoles.Frontend ? HttpPort
        : SystemPort(MainContainer) ?? Own.Select(SystemPort).FirstOrDefault(port => port is not null)
            ?? Port("system") ?? Port("metrics") ?? OnlyPort ?? DefaultMetricsPort;

    /// <summary>
    /// Whether it is one of several nodes of a replica and not the one that serves: the others have neither probes nor metrics, and are no
    /// capacity of their own.
    /// </summary>
    public bool IsHeadless => Service.Nodes > 1 && (
        Label(LwsIndex) is { } worker ? worker != "0"
        : (Label(GroveClique) ?? Name) is var clique
            && (clique.EndsWith("-wkr", StringComparison.Ordinal) || clique.Contains("-wkr-", StringComparison.Ordinal)));

    /// <summary>The hash of the template that it was made of: another one tells of another version of its service. Null for none.</summary>
    public string? Revision => TemplateHashes.Select(Label).FirstOrDefault(hash => !string.IsNullOrEmpty(hash));

    /// <summary>Containers that do work of the manifest's: all but those that are known to be injected.</summary>
    public IEnumerable<V1Container> Own => Object.Spec.Containers.Where(c => !Injected.Contains(c.Name, StringComparer.Ordinal));

    private string? Label(string name) => Object.Metadata?.Labels?.TryGetValue(name, out var value) == true ? value : null;

    /// <summary>The container that is the graph's frontend; null for none.</summary>
    public V1Container? FrontendContainer => Service.Role == GraphRoles.Frontend ? MainContainer : Named(Service.Sidecar);

    private int? OnlyPort => MainContainer.Ports is [var only] ? only.ContainerPort : null;

    private static int? SystemPort(V1Container container) =>
        int.TryParse(
            container.Env?.LastOrDefault(v => v.Name == "DYN_SYSTEM_PORT")?.Value, NumberStyles.None, CultureInfo.InvariantCulture,
                out var port)
        && port is > 0 and < 65536 ? port : null;

    private V1Container? Named(string? name) => name is null ? null : Object.Spec.Containers.FirstOrDefault(c => c.Name == name);

    private int? Port(string name) => MainContainer.Ports?.FirstOrDefault(p => p.Name == name)?.ContainerPort;
}
