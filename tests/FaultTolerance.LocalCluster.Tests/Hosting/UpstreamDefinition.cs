using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>
/// A DynamoGraphDeployment definition in the form of upstream's: of its length, two versions, the stored one deprecated, a webhook without a bundle
/// behind a Service, rules in CEL, and the pod templates that make it that long.
/// </summary>
internal static class UpstreamDefinition
{
    /// <summary>What upstream's 1.6 MB of YAML are as JSON, bytes: a third of them indent.</summary>
    public const int Length = 1_000_000;

    /// <summary>What a request of the old version is answered with, as a warning.</summary>
    public const string Deprecated = "nvidia.com/v1alpha1 DynamoGraphDeployment is deprecated; use nvidia.com/v1beta1 DynamoGraphDeployment";

    /// <summary>The definition as JSON.</summary>
    public static string Text()
    {
        var alpha = Version("v1alpha1", storage: true, "services", new JsonObject { ["type"] = "object", ["additionalProperties"] = Component() });
        alpha["deprecated"] = true;
        alpha["deprecationWarning"] = Deprecated;
        var components = new JsonObject
        {
            ["type"] = "array",
            ["items"] = Component(),
            ["x-kubernetes-list-type"] = "map",
            ["x-kubernetes-list-map-keys"] = new JsonArray("name"),
        };
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = "dynamographdeployments.nvidia.com",
                ["annotations"] = new JsonObject { ["controller-gen.kubebuilder.io/version"] = "v0.17.3", ["helm.sh/resource-policy"] = "keep" },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = "nvidia.com",
                ["names"] = JsonNode.Parse("""
                    {"kind":"DynamoGraphDeployment","listKind":"DynamoGraphDeploymentList","plural":"dynamographdeployments","shortNames":["dgd"],"singular":"dynamographdeployment"}
                    """),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(alpha, Version("v1beta1", storage: false, "components", components)),
                ["conversion"] = JsonNode.Parse("""
                    {"strategy":"Webhook","webhook":{"clientConfig":{"service":{"namespace":"dynamo-system","name":"dynamo-operator-webhook-service","path":"/convert"}},
                     "conversionReviewVersions":["v1"]}}
                    """),
            },
        }.ToJsonString();
    }

    private static JsonObject Version(string name, bool storage, string member, JsonObject components) => new()
    {
        ["name"] = name,
        ["served"] = true,
        ["storage"] = storage,
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["additionalPrinterColumns"] = JsonNode.Parse("""
            [{"name":"Ready","type":"string","description":"Ready status","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},
             {"name":"Backend","type":"string","jsonPath":".spec.backendFramework"},{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]
            """),
        ["schema"] = new JsonObject
        {
            ["openAPIV3Schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["apiVersion"] = new JsonObject { ["type"] = "string" },
                    ["kind"] = new JsonObject { ["type"] = "string" },
                    ["metadata"] = new JsonObject { ["type"] = "object" },
                    ["spec"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject
                        {
                            ["backendFramework"] = JsonNode.Parse("""{"type":"string","enum":["sglang","vllm","trtllm"]}"""),
                            ["restart"] = JsonNode.Parse("""{"type":"object","required":["id"],"properties":{"id":{"type":"string","minLength":1}}}"""),
                            [member] = components,
                        },
                        ["x-kubernetes-validations"] = JsonNode.Parse("""
                            [{"message":"spec.restart must be unset on create; set spec.restart.id after creation to request a restart",
                              "optionalOldSelf":true,"rule":"oldSelf.hasValue() || !has(self.restart)"}]
                            """),
                    },
                    ["status"] = JsonNode.Parse("""
                        {"type":"object","required":["state"],"properties":{
                          "state":{"type":"string","default":"initializing","enum":["initializing","pending","successful","failed"]},
                          "conditions":{"type":"array","items":{"type":"object","required":["type","status"],"properties":{"type":{"type":"string"},"status":{"type":"string"}}},
                            "x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["type"]}}}
                        """),
                },
            },
        },
    };

    // Two of them make the whole: each holds a component's few members, and the fields of pods that make the length.
    private static JsonObject Component()
    {
        var fields = new JsonObject();
        for (var length = 0; length < Length / 2; length += fields[$"field{fields.Count - 1}"]!.ToJsonString().Length)
        {
            fields[$"field{fields.Count}"] = JsonNode.Parse($$$"""
                {"type":"object","x-kubernetes-map-type":"atomic","description":"{{{new string('d', 700)}}}\n'[<KEY>]' – \"quoted\", $(VAR) {{{fields.Count}}}",
                 "properties":{"name":{"type":"string","default":""},"divisor":{"anyOf":[{"type":"integer"},{"type":"string"}],"x-kubernetes-int-or-string":true,
                 "pattern":"^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"} } }
                """);
        }

        return new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("name"),
            ["properties"] = new JsonObject
            {
                ["name"] = new JsonObject { ["type"] = "string" },
                ["replicas"] = JsonNode.Parse("""{"type":"integer","format":"int32","minimum":0}"""),
                ["podTemplate"] = new JsonObject { ["type"] = "object", ["properties"] = fields },
            },
        };
    }
}
