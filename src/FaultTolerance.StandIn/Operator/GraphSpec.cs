using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The graph's object says something that cannot be done; the message goes into its status.</summary>
internal sealed class GraphException(string message) : Exception(message);

/// <summary>
/// A DynamoGraphDeployment, whichever of its two forms it has: spec.services (v1alpha1) or spec.components (v1beta1). The form counts
/// and not the apiVersion, because the CRD converts between versions by changing the apiVersion alone.
/// </summary>
internal sealed partial record GraphSpec(
    string Name, string Namespace, string Uid, string ApiVersion, long Generation, ImmutableArray<ServiceSpec> Services)
{
    private const string GroveAnnotation = "nvidia.com/enable-grove";

    /// <summary>Whether the graph has not refused Grove by its annotation.</summary>
    public bool TakesGrove { get; init; } = true;

    /// <summary>Reads the object; throws <see cref="GraphException"/> for what cannot be deployed.</summary>
    public static GraphSpec Read(JsonObject graph, OperatorOptions? options = null)
    {
        var name = graph.At("metadata", "name").Text() ?? "";
        var kubernetesNamespace = graph.At("metadata", "namespace").Text() ?? "default";
        var spec = graph["spec"];
        var envs = (spec.At("envs") ?? spec.At("env")).Array();
        var services = spec.At("components").Array() is { } components
            ? components.OfType<JsonObject>().Select(component => ServiceSpec.OfBeta(name, kubernetesNamespace, component, envs))
            : (spec.At("services").Object() ?? []).Select(service =>
                ServiceSpec.OfAlpha(name, kubernetesNamespace, service.Key, service.Value.Object() ?? [], envs)
            );
        var read = new GraphSpec(
            name,
            kubernetesNamespace,
            graph.At("metadata", "uid").Text() ?? "",
            graph["apiVersion"].Text() ?? "",
            graph.At("metadata", "generation").Number() ?? 0,
            [.. services])
        {
            TakesGrove = graph.At("metadata", "annotations", GroveAnnotation).Text() != "false",
        };
        read.Check(options ?? new(null, GpuLimits: false));
        return read;
    }

    /// <summary>Whether the graph's pods are Grove's: it is installed, and the graph does not refuse it.</summary>
    public bool UsesGrove(OperatorOptions options) => options.Grove && TakesGrove;

    /// <summary>What the graph's services set a variable to; null where none does.</summary>
    public string? Variable(string name) =>
        Services.SelectMany(service => service.Envs).LastOrDefault(variable => variable["name"].Text() == name)?["value"].Text();

    private void Check(OperatorOptions options)
    {
        if (Services.IsEmpty)
        {
            throw new GraphException("spec has neither services nor components");
        }

        foreach (var twice in Services.GroupBy(service => service.ObjectName, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            throw new GraphException($"{string.Join(" and ", twice.Select(service => service.Name))} differ in letter case only");
        }

        foreach (var service in Services)
        {
            if (!DnsLabel().IsMatch(service.ObjectName))
            {
                throw new GraphException($"service {service.Name}: '{service.ObjectName}' is no DNS label of at most 63 characters");
            }

            if (service.Main["image"].Text() is not { Length: > 0 })
            {
                throw new GraphException($"service {service.Name}: extraPodSpec.mainContainer.image is missing");
            }

            if (service.NodeCount > 1 && service.IsToday(options) && !UsesGrove(options))
            {
                throw new GraphException($"service {service.Name}: no multinode orchestrator available");
            }

            if (service.Replicas < 0)
            {
                throw new GraphException($"service {service.Name}: replicas is {service.Replicas}");
            }
        }
    }

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DnsLabel();
}
