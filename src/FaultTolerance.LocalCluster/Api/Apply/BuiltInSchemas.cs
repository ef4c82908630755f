using System.Collections.Frozen;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Protobuf;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>
/// The schemas of the built-in kinds: their fields from the table of messages, and what their API types say of lists and maps.
/// </summary>
internal static class BuiltInSchemas
{
    private const string Tcp = "TCP";

    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Container.env"] = "name",
        ["Container.ports"] = "containerPort,protocol",
        ["Container.volumeMounts"] = "mountPath",
        ["Container.volumeDevices"] = "devicePath",
        ["ResourceRequirements.claims"] = "name",
        ["PodSpec.containers"] = "name",
        ["PodSpec.initContainers"] = "name",
        ["PodSpec.ephemeralContainers"] = "name",
        ["PodSpec.volumes"] = "name",
        ["PodSpec.imagePullSecrets"] = "name",
        ["PodSpec.hostAliases"] = "ip",
        ["PodSpec.topologySpreadConstraints"] = "topologyKey,whenUnsatisfiable",
        ["PodSpec.resourceClaims"] = "name",
        ["PodSpec.schedulingGates"] = "name",
        ["PodStatus.podIPs"] = "ip",
        ["ObjectMeta.ownerReferences"] = "uid",
        ["ServiceSpec.ports"] = "port,protocol",
        ["ServiceAccount.secrets"] = "name",
        ["NodeStatus.addresses"] = "type",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Sets =
        FrozenSet.Create(StringComparer.Ordinal, "ObjectMeta.finalizers", "NodeSpec.podCIDRs");

    private static readonly FrozenSet<string> WholeMaps =
        FrozenSet.Create(StringComparer.Ordinal, "PodSpec.nodeSelector", "ServiceSpec.selector");

    private static readonly FrozenSet<string> WholeMessages = FrozenSet.Create(
        StringComparer.Ordinal, "LabelSelector", "ObjectReference", "LocalObjectReference", "SecretReference", "ConfigMapKeySelector",
        "SecretKeySelector",
        "ObjectFieldSelector", "ResourceFieldSelector", "NodeSelector", "NodeSelectorTerm", "TypedLocalObjectReference", "RoleRef",
        "Subject", "EndpointAddress", "EndpointPort");

    /// <summary>
    /// The schema of a kind; <see cref="FieldSchema.Deduced"/> beside the metadata for a kind that the table does not hold.
    /// </summary>
    public static FieldSchema Of(string kind) => MessageTable.Find(kind) is null
        ? new FieldSchema.Members(name => name == "metadata" ? Metadata : FieldSchema.Deduced)
        : new FieldSchema.Members(name => name is "apiVersion" or "kind" ? FieldSchema.Whole : Field(kind, name));

    /// <summary>The schema of every object's metadata.</summary>
    public static FieldSchema Metadata { get; } = Message("ObjectMeta");

    private static FieldSchema Message(string message) => WholeMessages.Contains(message)
        ? FieldSchema.Whole
        : new FieldSchema.Members(name => Field(message, name));

    private static FieldSchema? Field(string message, string name)
    {
        if (MessageTable.FindField(message, name) is not { } field)
        {
            return null;
        }

        var here = $"{message}.{name}";
        var item = field.Kind == FieldKind.Message ? Message(field.Message!) : FieldSchema.Whole;
        if (field.IsList)
        {
            return Sets.Contains(here) ? new FieldSchema.ValueSet()
                : (Keys.GetValueOrDefault(here) ?? (name == "conditions" ? "type" : null)) is { } keys
                    ? new FieldSchema.Keyed([.. keys.Split(',')
                        .Select(key => (key, key == "protocol" ? (JsonNode?)JsonValue.Create(Tcp) : null))], item)
                    : FieldSchema.Whole;
        }

        return !field.IsMap ? item : WholeMaps.Contains(here) ? FieldSchema.Whole : new FieldSchema.Members(_ => item);
    }
}
