using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>Rules for definitions of custom resources.</summary>
internal static class DefinitionValidation
{
    /// <summary>Adds the faults of a definition.</summary>
    public static void Check(JsonObject definition, List<string> faults)
    {
        var spec = definition.Map("spec");
        var plural = spec.Text("names", "plural");
        var group = spec.Text("group");
        if (string.IsNullOrEmpty(plural))
        {
            faults.Add("spec.names.plural: Required value");
        }

        if (string.IsNullOrEmpty(spec.Text("names", "kind")))
        {
            faults.Add("spec.names.kind: Required value");
        }

        if (string.IsNullOrEmpty(group) || !group.Contains('.', StringComparison.Ordinal))
        {
            faults.Add("spec.group: Invalid value: should be a domain with at least one dot");
        }

        if (definition.Name() != $"{plural}.{group}")
        {
            faults.Add("metadata.name: Invalid value: must be spec.names.plural+\".\"+spec.group");
        }

        if (spec.Text("scope") is not ("Namespaced" or "Cluster"))
        {
            faults.Add("spec.scope: Unsupported value: supported values: \"Cluster\", \"Namespaced\"");
        }

        if (spec.Text("conversion", "strategy") is not (null or "None" or "Webhook"))
        {
            faults.Add("spec.conversion.strategy: Unsupported value: supported values: \"None\", \"Webhook\"");
        }

        if (spec.Text("conversion", "strategy") == "Webhook")
        {
            CheckWebhook(spec.Map("conversion", "webhook"), faults);
        }

        if (spec.Maps("versions").Count(version => version.IsTrue("storage")) != 1)
        {
            faults.Add("spec.versions: Invalid value: must have exactly one version marked as storage version");
        }

        foreach (var version in spec.Maps("versions"))
        {
            if (string.IsNullOrEmpty(version.Text("name")))
            {
                faults.Add("spec.versions.name: Required value");
            }

            if (version.Map("schema", "openAPIV3Schema") is null)
            {
                faults.Add($"spec.versions[{version.Text("name")}].schema.openAPIV3Schema: Required value: schemas are required");
            }
        }
    }

    private static void CheckWebhook(JsonObject? webhook, List<string> faults)
    {
        const string Path = "spec.conversion.webhook";
        if (webhook.Map("clientConfig") is not { } config || (config.Text("url") is null) == (config.Map("service") is null))
        {
            faults.Add($"{Path}.clientConfig: Required value: exactly one of url or service is required");
        }
        else if (config.Text("url") is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps))
        {
            faults.Add($"{Path}.clientConfig.url: Invalid value: \"{url}\": must be an https URL");
        }

        if (webhook.Items("conversionReviewVersions")?.Any(version => version.Text() == "v1") is not true)
        {
            faults.Add($"{Path}.conversionReviewVersions: Invalid value: must include v1, which is what this cluster speaks");
        }
    }

    /// <summary>Whether a schema holds rules in CEL anywhere, which are not evaluated here.</summary>
    public static bool HasRules(JsonNode? schema) => schema switch
    {
        JsonObject map => map.ContainsKey("x-kubernetes-validations") || map.Any(member => HasRules(member.Value)),
        JsonArray list => list.Any(HasRules),
        _ => false,
    };
}
