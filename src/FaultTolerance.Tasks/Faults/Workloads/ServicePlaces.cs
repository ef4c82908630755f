using FaultTolerance.Cluster;
using FaultTolerance.Graphs;

namespace FaultTolerance.Faults.Workloads;

/// <summary>Where a service stands in the objects of its graph, whatever kind of graph it is.</summary>
/// <param name="Object">The object.</param>
/// <param name="Service">Path of the service's own part; empty where the object is the service.</param>
/// <param name="Pod">Path of the container that does the work.</param>
/// <param name="EnvKey">What the container's or service's list of variables is called.</param>
/// <param name="EnvOf">Path of what holds that list.</param>
internal sealed record ServicePlaces(
    GraphObject Object, IReadOnlyList<string> Service, IReadOnlyList<string> Pod, string EnvKey, IReadOnlyList<string> EnvOf)
{
    private static readonly string[] Template = ["spec", "template", "spec", "containers"];

    /// <summary>Rights on the objects of a kind of graph, to change them and put them back.</summary>
    public static IEnumerable<Permission> Rights(Graphs.Kinds.IGraphKind graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        return graphs.Owned.Where(owned => owned.Plural is "deployments" or "dynamographdeployments")
            .SelectMany(owned =>
                new[] { new Permission("get", owned.Group, owned.Plural), new Permission("update", owned.Group, owned.Plural) });
    }

    /// <summary>Path of the number of replicas.</summary>
    public IReadOnlyList<string> Replicas => Service.Count == 0 ? ["spec", "replicas"] : [.. Service, "replicas"];

    /// <summary>Path of the image.</summary>
    public IReadOnlyList<string> Image => [.. Pod, "image"];

    /// <summary>Path of a variable.</summary>
    public IReadOnlyList<string> Variable(string name) => [.. EnvOf, EnvKey, $"name={name}"];

    /// <summary>The places of a service.</summary>
    /// <exception cref="FaultMatrixException">FT0624: the graph's objects do not say where it is.</exception>
    public static ServicePlaces Of(Graph graph, GraphService service)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(service);
        foreach (var item in graph.Objects)
        {
            if (item.Type == ResourceType.Deployments
                && JsonPlace.Get(item.Body, ["spec", "template", "metadata", "labels", GraphLabels.Service])?.ToString() == service.Name)
            {
                string[] main = [.. Template, $"name={MainName(item)}"];
                return new ServicePlaces(item, [], main, "env", main);
            }

            string[] older = ["spec", "services", service.Name];
            string[] newer = ["spec", "components", $"name={service.Name}"];
            if (JsonPlace.Get(item.Body, older) is not null)
            {
                return new ServicePlaces(item, older, [.. older, "extraPodSpec", "mainContainer"], "envs", older);
            }

            if (JsonPlace.Get(item.Body, newer) is not null)
            {
                string[] main = [.. newer, "podTemplate", "spec", "containers", "name=main"];
                return new ServicePlaces(item, newer, main, "env", main);
            }
        }

        throw new FaultMatrixException("FT0624", $"no object of graph '{graph.Name}' says what service '{service.Name}' is made of");
    }

    private static string MainName(GraphObject deployment)
    {
        var names = (JsonPlace.Get(deployment.Body, Template) as System.Text.Json.Nodes.JsonArray ?? [])
            .Select(container => container?["name"]?.ToString()).OfType<string>().ToArray();
        return names.Contains("main", StringComparer.Ordinal) ? "main" : names.FirstOrDefault() ?? "main";
    }
}
