using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// What stands beside a graph in its manifest. Names get the graph's in front, and what refers to them in the file follows, so that rows of
/// one manifest run side by side. A PersistentVolumeClaim keeps its name and is shared by the run's rows: models lie in it.
/// </summary>
internal sealed class DynamoCompanions
{
    private const string Claim = "PersistentVolumeClaim";
    private const string Template = "ResourceClaimTemplate";

    private static readonly HashSet<string> ClusterWide = new(StringComparer.Ordinal)
    {
        "Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "StorageClass",
        "PriorityClass", "RuntimeClass", "IngressClass", "GatewayClass", "DeviceClass", "ResourceSlice", "APIService", "CSIDriver",
            "CSINode",
        "VolumeAttachment", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "FlowSchema", "PriorityLevelConfiguration", "CertificateSigningRequest", "ClusterIssuer",
    };

    // By the key that holds the name, or by the key of the object whose name it is.
    private static readonly Dictionary<string, string> References = new(StringComparer.Ordinal)
    {
        ["resourceClaimTemplateName"] = Template, ["resourceClaimName"] = "ResourceClaim", ["envFromSecret"] = "Secret",
        ["secretName"] = "Secret", ["serviceAccountName"] = "ServiceAccount", ["serviceAccount"] = "ServiceAccount",
    };

    private static readonly Dictionary<string, string> Holders = new(StringComparer.Ordinal)
    {
        ["configMap"] = "ConfigMap", ["configMapRef"] = "ConfigMap", ["configMapKeyRef"] = "ConfigMap", ["secret"] = "Secret",
        ["secretRef"] = "Secret", ["secretKeyRef"] = "Secret", ["imagePullSecrets"] = "Secret", ["resourceClaimTemplate"] = Template,
        ["roleRef"] = "Role", ["subjects"] = "ServiceAccount",
    };

    private readonly string _graph;
    private readonly ImmutableArray<ManifestDocument> _documents;
    private readonly Manifest _manifest;
    private readonly HashSet<(string Kind, string Name)> _names;

    /// <summary>Those of a manifest.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="documents">Its documents but for graphs.</param>
    /// <param name="graph">The graph's name in the cluster.</param>
    /// <exception cref="FaultMatrixException">FT0230: one is cluster-wide. FT0222: one has no name.</exception>
    public DynamoCompanions(Manifest manifest, ImmutableArray<ManifestDocument> documents, string graph)
    {
        (_manifest, _documents, _graph) = (manifest, documents, graph);
        if (documents.FirstOrDefault(d => ClusterWide.Contains(d.Kind)) is { } wide)
        {
            throw manifest.Error("FT0230", wide.Line, IsClusterWide(wide.Kind));
        }

        if (documents.FirstOrDefault(d => NameOf(d) is null) is { } nameless)
        {
            throw manifest.Error("FT0222", nameless.Line, $"the {nameless.Kind} has no metadata.name");
        }

        _names = [.. documents.Where(d => d.Kind != Claim).Select(d => (d.Kind, NameOf(d)!)), .. documents.SelectMany(Made)];
    }

    /// <summary>Why a kind cannot stand in a graph's manifest.</summary>
    public static string IsClusterWide(string kind) =>
        $"a {kind} is the whole cluster's, and a run makes nothing outside of its namespace; apply it yourself beforehand and take it "
            + "out of the file";

    /// <summary>The objects, in the manifest's order, and what was changed in each.</summary>
    public IEnumerable<(GraphObject Object, IReadOnlyList<GraphChange> Changes)> Objects(GraphOwner owner)
    {
        foreach (var document in _documents)
        {
            var body = document.Body.DeepClone().AsObject();
            var ledger = new ChangeLedger(body);
            var metadata = ContainerEdits.Child(body, "metadata");
            var name = NameOf(document)!;
            ledger.Step("a row's objects are its own", () =>
            {
                metadata["name"] = NewName(document.Kind, name);
                metadata.Remove("namespace");
                ContainerEdits.SetEntries(metadata, "labels", owner.Labels);
                foreach (var subject in (body["subjects"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    subject["namespace"] = owner.Namespace;
                }
            }, _ => document.Kind == Claim
                ? $"{document.Kind} {name}: kept and shared by the run's rows; labels"
                : $"{document.Kind} {name} is {NewName(document.Kind, name)}; labels");
            ledger.Step("a row's objects are its own", () => Follow(body),
                paths => $"{document.Kind} {name}: {string.Join(", ", paths)} follow");
            yield return (
                new GraphObject(TypeOf(document), body)
                {
                    IsCompanion = true, IsShared = document.Kind == Claim, Place = $"{_manifest.File}:{document.Line}",
                },
                ledger.Changes);
        }
    }

    /// <summary>Lets what refers to the objects follow their new names.</summary>
    public void Follow(JsonNode? node, string holder = "")
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Follow(item, holder);
                }

                break;
            case JsonObject map:
                foreach (var (key, value) in map.ToArray())
                {
                    if (value is JsonValue text && text.TryGetValue<string>(out var name)
                        && (References.GetValueOrDefault(key) ?? (key == "name" ? Holders.GetValueOrDefault(holder) : null)) is { } kind
                        && _names.Contains((kind, name)))
                    {
                        map[key] = NewName(kind, name);
                    }
                    else
                    {
                        Follow(value, key);
                    }
                }

                break;
        }
    }

    // A ComputeDomain has its driver make a template, which pods refer to.
    private static IEnumerable<(string, string)> Made(ManifestDocument document) =>
        document.Kind == "ComputeDomain" && document.Body["spec"]?["channel"]?["resourceClaimTemplate"]?["name"] is JsonValue name
            ? [(Template, name.ToString())] : [];

    private string NewName(string kind, string name) => kind == Claim ? name : $"{_graph}-{name}";

    private static string? NameOf(ManifestDocument document) => (document.Body["metadata"] as JsonObject)?["name"] is JsonValue value
        && value.TryGetValue<string>(out var name) ? name : null;

    // What the plural is the cluster says before anything is made; without one the rule does.
    private static ResourceType TypeOf(ManifestDocument document)
    {
        var slash = document.ApiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", document.ApiVersion) : (document.ApiVersion[..slash], document.ApiVersion[(slash + 1)..]);
        var kind = document.Kind.ToLowerInvariant();
        var plural = kind switch
        {
            [.., 's' or 'x' or 'z'] or [.., 'c' or 's', 'h'] => $"{kind}es",
            [.., not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] => $"{kind[..^1]}ies",
            _ => $"{kind}s",
        };
        return new ResourceType(group, version, plural, document.Kind);
    }
}
