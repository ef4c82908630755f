using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Tests.Operator;

public sealed class GraphPlanTests
{
    private static readonly OperatorOptions Options = new(null, GpuLimits: false);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void Of_graph_isTheGoldenObjects()
    {
        var plan = GraphPlan.Of(GraphSpec.Read(Graphs.Alpha()), Options);
        var text = new JsonArray([.. plan.Select(planned => planned.Body.DeepClone())]).ToJsonString(Indented) + "\n";

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Operator", "Golden", "plan.json")), text);
    }

    [Fact]
    public void Of_bothApiVersions_areTheSameButForTheOwner()
    {
        var alpha = GraphPlan.Of(GraphSpec.Read(Graphs.Alpha()) with { ApiVersion = "x" }, Options);
        var beta = GraphPlan.Of(GraphSpec.Read(Graphs.Beta()) with { ApiVersion = "x" }, Options);

        Assert.Equal(
            string.Join('\n', alpha.Select(planned => planned.Body.ToJsonString())),
            string.Join('\n', beta.Select(planned => planned.Body.ToJsonString()))
        );
    }

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, null)]
    public void Of_gpuLimits_onlyWhereAskedFor(bool asked, string? expected)
    {
        var worker = Container(Graphs.Alpha(), "graph-vllmprefillworker", new(null, asked));

        Assert.Equal(expected, worker.At("resources", "limits", "nvidia.com/gpu").Text());
    }

    [Fact]
    public void Of_probeInTheGraph_replacesTheDefaultAsAWhole()
    {
        var graph = Graphs.Alpha();
        graph["spec"]!["services"]!["Frontend"]!["readinessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = 8000 } };

        var probe = (JsonObject)Container(graph, "graph-frontend", Options)["readinessProbe"]!;

        Assert.Equal("tcpSocket", Assert.Single(probe).Key);
    }

    [Fact]
    public void Of_environment_laterOnesWin()
    {
        var graph = Graphs.Alpha();
        graph["spec"]!["services"]!["Frontend"]!["envs"] = new JsonArray(
            new JsonObject { ["name"] = "DYN_LOGGING_JSONL", ["value"] = "false" }
        );

        var values = Container(graph, "graph-frontend", Options)["env"]!
            .AsArray()
            .Where(variable => variable!["name"]!.GetValue<string>() == "DYN_LOGGING_JSONL");

        Assert.Equal("false", Assert.Single(values)!["value"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"g"},"spec":{}}""", "neither services nor components")]
    [InlineData("""{"metadata":{"name":"g"},"spec":{"services":{"A_b":{"extraPodSpec":{"mainContainer":{"image":"i"}}}}}}""", "A_b")]
    [InlineData("""{"metadata":{"name":"g"},"spec":{"services":{"A":{}}}}""", "image is missing")]
    [InlineData(
        """{"metadata":{"name":"g"},"spec":{"services":{"A":{"extraPodSpec":{"mainContainer":{"image":"i"}}},"a":{"extraPodSpec":{"mainContainer":{"image":"i"}}}}}}""",
        "letter case"
    )]
    public void Read_whatCannotBeDeployed_saysWhy(string graph, string expected)
    {
        var wrong = Assert.Throws<GraphException>(() => GraphSpec.Read((JsonObject)JsonNode.Parse(graph)!));

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"dynamoNamespace":"dn"}""", "dn")]
    [InlineData("{}", "ft-graph")]
    [InlineData("""{"globalDynamoNamespace":true}""", "dynamo")]
    [InlineData("""{"globalDynamoNamespace":false}""", "ft-graph")]
    [InlineData("""{"dynamoNamespace":"dn","envs":[{"name":"DYN_NAMESPACE","value":"own"}]}""", "own")]
    public void Of_dynamoNamespace_isPassedOnAndLabelled(string service, string expected)
    {
        var graph = Graphs.Alpha();
        var frontend = (JsonObject)graph["spec"]!["services"]!["Frontend"]!;
        frontend.Remove("dynamoNamespace");
        frontend.Merge((JsonObject)JsonNode.Parse(service)!);

        var template = GraphPlan
            .Of(GraphSpec.Read(graph), Options)
            .Single(planned => planned.Plural == "deployments" && planned.Name == "graph-frontend")
            .Body.At("spec", "template");

        Assert.Equal(expected, template.At("metadata", "labels", GraphLabels.DynamoNamespace).Text());
        Assert.Equal(
            expected,
            template
                .At("spec", "containers")![0]
                .At("env")!
                .AsArray()
                .Single(variable => variable!["name"].Text() == "DYN_NAMESPACE")!["value"]
                .Text()
        );
    }

    [Fact]
    public void ValueOf_longNamespace_isALabelValueOfItsOwn()
    {
        var one = GraphLabels.ValueOf(new string('a', 70));
        var other = GraphLabels.ValueOf(new string('a', 71));

        Assert.Equal(63, one.Length);
        Assert.NotEqual(one, other);
    }

    private static JsonObject Container(JsonObject graph, string deployment, OperatorOptions options) =>
        (JsonObject)
            GraphPlan
                .Of(GraphSpec.Read(graph), options)
                .Single(planned => planned.Plural == "deployments" && planned.Name == deployment)
                .Body.At("spec", "template", "spec", "containers")!
                .AsArray()[0]!;
}
