using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Grove;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>An object that a graph needs.</summary>
/// <param name="Group">Path of its API group and version.</param>
/// <param name="Plural">Resource name.</param>
/// <param name="Body">The object itself.</param>
internal sealed record PlannedObject(string Group, string Plural, JsonObject Body)
{
    public string Name => Body.At("metadata", "name").Text()!;
}

/// <summary>What a graph comes to in objects of Kubernetes' own. Pure: the same graph gives the same objects.</summary>
internal static class GraphPlan
{
    public const string Core = "/api/v1";
    public const string Apps = "/apis/apps/v1";
    public const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    /// <summary>Annotation that tells whether an object is as last planned, whatever defaults the API server added.</summary>
    public const string HashAnnotation = "faultmatrix.dev/plan-hash";

    /// <summary>Annotation of a Deployment that tells what of the graph's pod was left out.</summary>
    public const string LeftOutAnnotation = "faultmatrix.dev/left-out";

    /// <summary>Name of the graph's ServiceAccount, Role and RoleBinding.</summary>
    public static string AccountName(GraphSpec graph) => $"{graph.Name}-discovery";

    /// <summary>In the order in which to create them.</summary>
    public static ImmutableArray<PlannedObject> Of(GraphSpec graph, OperatorOptions options) =>
        [
            .. Discovery(graph, options)
                .Concat(
                    graph.UsesGrove(options)
                        ? graph.Services.Select(service => Service(graph, service, options)).Append(Set(graph, options))
                        : graph.Services.SelectMany(service =>
                            new[] { Service(graph, service, options), Deployment(graph, service, options) })
                )
                .Select(planned => planned with { Body = Hashed(planned.Body) }),
        ];

    private static IEnumerable<PlannedObject> Discovery(GraphSpec graph, OperatorOptions options)
    {
        var name = AccountName(graph);
        yield return new(Core, "serviceaccounts", Object(graph, "v1", "ServiceAccount", name, []));
        yield return new(Rbac, "roles", Object(graph, "rbac.authorization.k8s.io/v1", "Role", name, new()
        {
            ["rules"] = new JsonArray([.. Rules(graph, options)]),
        }));
        yield return new(Rbac, "rolebindings", Object(graph, "rbac.authorization.k8s.io/v1", "RoleBinding", name, new()
        {
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = name },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = graph.Namespace }),
        }));
    }

    /// <summary>The rights of the graph's own processes: to find each other and, for the planner, to scale the graph.</summary>
    private static IEnumerable<JsonObject> Rules(GraphSpec graph, OperatorOptions options)
    {
        yield return Rule("", "pods", "get", "list", "watch");
        if (graph.Services.Any(service => service.IsToday(options)))
        {
            yield return Rule("discovery.k8s.io", "endpointslices", "get", "list", "watch");
            yield return Rule("nvidia.com", "dynamoworkermetadatas", "*");
        }

        if (graph.Services.Any(service => service.IsPlanner))
        {
            yield return Rule("nvidia.com", "dynamographdeployments", "get", "patch");
        }

        static JsonObject Rule(string group, string resource, params string[] verbs) => new()
        {
            ["apiGroups"] = new JsonArray(group),
            ["resources"] = new JsonArray(resource),
            ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
        };
    }

    private static PlannedObject Deployment(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var (template, left) = PodTemplate.Of(graph, service, options);
        var deployment = Object(graph, "apps/v1", "Deployment", service.ObjectName, new()
        {
            ["spec"] = new JsonObject
            {
                ["replicas"] = service.Replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [GraphLabels.Selector] = service.ObjectName } },
                ["template"] = template,
            },
        }, PodTemplate.Labels(graph, service, options));
        TellLeftOut(deployment, left);
        return new(Apps, "deployments", deployment);
    }

    /// <summary>The graph's whole set of pods, where Grove makes them.</summary>
    private static PlannedObject Set(GraphSpec graph, OperatorOptions options)
    {
        var name = GroveNames.SetOf(graph.Name, graph.Services);
        var set = Object(graph, GroveNames.ApiVersion, "PodCliqueSet", name, new() { ["spec"] = SetPlan.Of(graph, options) });
        var left = graph.Services.SelectMany(service => PodTemplate.Of(graph, service, options).LeftOut.Select(field => $"{service.Name}: {field}"));
        TellLeftOut(set, [.. left]);
        return new(GroveNames.Api, GroveNames.Sets, set);
    }

    private static void TellLeftOut(JsonObject item, IReadOnlyList<string> left)
    {
        if (left.Count > 0)
        {
            item.Merge(
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [LeftOutAnnotation] = string.Join("; ", left) } },
                }
            );
        }
    }

    private static PlannedObject Service(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var (name, port) = service.IsFrontend ? ("http", PodTemplate.HttpPort) : ("system", PodTemplate.SystemPort);
        return new(Core, "services", Object(graph, "v1", "Service", service.ObjectName, new()
        {
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { [GraphLabels.Selector] = service.ObjectName },
                ["ports"] = new JsonArray(new JsonObject { ["name"] = name, ["port"] = port, ["targetPort"] = port, ["protocol"] = "TCP" }),
            },
        }, PodTemplate.Labels(graph, service, options)));
    }

    private static JsonObject Object(
        GraphSpec graph,
        string apiVersion,
        string kind,
        string name,
        JsonObject rest,
        JsonObject? labels = null
    )
    {
        var body = new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = graph.Namespace,
                ["labels"] = labels ?? new JsonObject { [GraphLabels.Graph] = graph.Name },
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = graph.ApiVersion,
                    ["kind"] = "DynamoGraphDeployment",
                    ["name"] = graph.Name,
                    ["uid"] = graph.Uid,
                    ["controller"] = true,
                    ["blockOwnerDeletion"] = true,
                }),
            },
        };
        body.Merge(rest);
        return body;
    }

    private static JsonObject Hashed(JsonObject body)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToJsonString())))[..16];
        body.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [HashAnnotation] = hash } } });
        return body;
    }
}
