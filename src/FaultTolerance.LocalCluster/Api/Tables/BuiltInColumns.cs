using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Tables;

/// <summary>The columns that kubectl's users know, without the name.</summary>
internal static class BuiltInColumns
{
    /// <summary>The columns of a type; the age alone where nothing else is known.</summary>
    public static IReadOnlyList<Column> Of(ResourceType type) =>
        type.ToString() switch
        {
            "pods" => PodColumns.All,
            "deployments.apps" =>
            [
                Cell("Ready", "string", value => $"{value.Number("status", "readyReplicas") ?? 0}/{value.Number("spec", "replicas") ?? 0}"),
                Count("Up-to-date", "status", "updatedReplicas"),
                Count("Available", "status", "availableReplicas"),
                CustomColumns.AgeColumn,
                .. Template(),
            ],
            "replicasets.apps" =>
            [
                Count("Desired", "spec", "replicas"),
                Count("Current", "status", "replicas"),
                Count("Ready", "status", "readyReplicas"),
                CustomColumns.AgeColumn,
                .. Template(),
            ],
            "statefulsets.apps" =>
            [
                Cell("Ready", "string", value => $"{value.Number("status", "readyReplicas") ?? 0}/{value.Number("spec", "replicas") ?? 0}"),
                CustomColumns.AgeColumn,
                .. Template(),
            ],
            "daemonsets.apps" =>
            [
                Count("Desired", "status", "desiredNumberScheduled"),
                Count("Current", "status", "currentNumberScheduled"),
                Count("Ready", "status", "numberReady"),
                Count("Up-to-date", "status", "updatedNumberScheduled"),
                Count("Available", "status", "numberAvailable"),
                CustomColumns.AgeColumn,
                .. Template(),
            ],
            "jobs.batch" =>
            [
                Cell("Status", "string", value =>
                    value.Maps("status", "conditions").LastOrDefault(condition => condition.Text("status") == "True")?.Text("type")
                    ?? (value.IsTrue("spec", "suspend") ? "Suspended" : "Running")
                ),
                Cell("Completions", "string", value =>
                    $"{value.Number("status", "succeeded") ?? 0}/{value.Number("spec", "completions") ?? 1}"
                ),
                CustomColumns.AgeColumn,
                .. Template(),
            ],
            "services" =>
            [
                Text("Type", "spec", "type"),
                Text("Cluster-IP", "spec", "clusterIP"),
                Cell("External-IP", "string", value => value.Text("spec", "externalName") ?? "<none>"),
                Cell("Port(s)", "string", value =>
                    OrNone(value.Maps("spec", "ports").Select(port => $"{port.Number("port")}/{port.Text("protocol")}"))
                ),
                CustomColumns.AgeColumn,
                Wide("Selector", value => Labels(value.Map("spec", "selector"))),
            ],
            "events" =>
            [
                new("Last Seen", "string", 0, (value, now) =>
                    Age.Since(value.Text("lastTimestamp") ?? value.Text("eventTime") ?? value.Text("metadata", "creationTimestamp"), now)
                ),
                Text("Type", "type"),
                Text("Reason", "reason"),
                Cell("Object", "string", value =>
                    $"{value.Text("involvedObject", "kind")?.ToLowerInvariant()}/{value.Text("involvedObject", "name")}"
                ),
                Cell("Message", "string", value => value.Text("message")?.Trim()),
                Wide("Subobject", value => value.Text("involvedObject", "fieldPath") ?? ""),
                Wide("Source", value => value.Text("source", "component") ?? value.Text("reportingComponent")),
                new("First Seen", "string", 1, (value, now) =>
                    Age.Since(value.Text("firstTimestamp") ?? value.Text("eventTime") ?? value.Text("metadata", "creationTimestamp"), now)
                ),
                Wide("Count", value => $"{value.Number("count") ?? 1}"),
            ],
            "nodes" =>
            [
                Cell("Status", "string", value =>
                    value.Maps("status", "conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True")
                        ? "Ready"
                        : "NotReady"
                ),
                Cell("Roles", "string", _ => "<none>"),
                CustomColumns.AgeColumn,
                Text("Version", "status", "nodeInfo", "kubeletVersion"),
                Wide("Internal-IP", value =>
                    value.Maps("status", "addresses").FirstOrDefault(a => a.Text("type") == "InternalIP").Text("address")
                ),
            ],
            "namespaces" => [Text("Status", "status", "phase"), CustomColumns.AgeColumn],
            "configmaps" => [Cell("Data", "string", value => $"{value.Map("data")?.Count ?? 0}"), CustomColumns.AgeColumn],
            "secrets" =>
            [
                Text("Type", "type"),
                Cell("Data", "string", value => $"{value.Map("data")?.Count ?? 0}"),
                CustomColumns.AgeColumn,
            ],
            "persistentvolumeclaims" => [Text("Status", "status", "phase"), CustomColumns.AgeColumn],
            "endpoints" =>
            [
                Cell("Endpoints", "string", value =>
                    OrNone(
                        value
                            .Maps("subsets")
                            .SelectMany(subset =>
                                subset
                                    .Maps("addresses")
                                    .SelectMany(address =>
                                        subset.Maps("ports").Select(port => $"{address.Text("ip")}:{port.Number("port")}")
                                    )
                            )
                    )
                ),
                CustomColumns.AgeColumn,
            ],
            "endpointslices.discovery.k8s.io" =>
            [
                Text("AddressType", "addressType"),
                Cell("Ports", "string", value => OrNone(value.Maps("ports").Select(port => $"{port.Number("port")}"))),
                Cell("Endpoints", "string", value =>
                    OrNone(value.Maps("endpoints").SelectMany(e => e.Items("addresses") ?? []).Select(a => a.Text()))
                ),
                CustomColumns.AgeColumn,
            ],
            "leases.coordination.k8s.io" => [Text("Holder", "spec", "holderIdentity"), CustomColumns.AgeColumn],
            "customresourcedefinitions.apiextensions.k8s.io" =>
            [
                Cell("Created At", "date", value => value.Text("metadata", "creationTimestamp")),
            ],
            _ => [CustomColumns.AgeColumn],
        };

    private static Column[] Template() =>
        [
            Wide("Containers", value =>
                OrNone(value.Maps("spec", "template", "spec", "containers").Select(container => container.Text("name")))
            ),
            Wide("Images", value =>
                OrNone(value.Maps("spec", "template", "spec", "containers").Select(container => container.Text("image")))
            ),
            Wide("Selector", value => LabelSelector.FromSpec(value.Map("spec", "selector")).ToString()),
        ];

    private static Column Cell(string name, string type, Func<JsonObject, string?> cell) =>
        new(name, type, 0, (value, _) => cell(value) ?? "<none>");

    private static Column Wide(string name, Func<JsonObject, string?> cell) =>
        new(name, "string", 1, (value, _) => cell(value) ?? "<none>");

    private static Column Text(string name, params string[] path) => Cell(name, "string", value => value.Text(path));

    private static Column Count(string name, params string[] path) => new(name, "integer", 0, (value, _) => value.Number(path) ?? 0);

    private static string Labels(JsonObject? labels) => OrNone((labels ?? []).Select(label => $"{label.Key}={label.Value.Text()}"));

    private static string OrNone(IEnumerable<string?> texts) => string.Join(',', texts) is { Length: > 0 } text ? text : "<none>";
}
