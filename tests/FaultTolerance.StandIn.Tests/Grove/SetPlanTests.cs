using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Grove;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;
using FaultTolerance.StandIn.Tests.Operator;

namespace FaultTolerance.StandIn.Tests.Grove;

/// <summary>What a graph is in Grove: names, owners' parts, commands of several nodes.</summary>
public sealed class SetPlanTests
{
    private static readonly OperatorOptions Options = new(null, GpuLimits: false, Today: true, Grove: true);

    [Theory]
    [InlineData("graph", 28, "graph")]
    [InlineData("a-name-of-29-letters-as-it-is", 16, "a-name-of-29-letters-as-it-is")]
    [InlineData("a-name-that-is-longer-than-grove-takes-it", 20, "a-name-that-is-longe-????")]
    [InlineData("a-name-that-is-longer-than-grove-takes-it", 44, "a-n-????")]
    public void SetOf_aName_isCutWhereGroveTakesNoMore(string graph, int component, string expected)
    {
        var name = GroveNames.SetOf(graph, [Service(new string('x', component), nodes: 1)]);

        Assert.Equal(expected.Length, name.Length);
        Assert.StartsWith(expected.TrimEnd('?'), name, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_graphWithGrove_isOneSet_andItsServicesStay()
    {
        var plan = GraphPlan.Of(GraphSpec.Read(Graphs.Alpha(), Options), Options);

        Assert.DoesNotContain(plan, planned => planned.Plural == "deployments");
        Assert.Equal(["graph-frontend", "graph-vllmprefillworker"], plan.Where(planned => planned.Plural == "services").Select(planned => planned.Name));
        var set = plan.Single(planned => planned.Plural == GroveNames.Sets).Body;
        Assert.Equal("DynamoGraphDeployment", set.At("metadata", "ownerReferences")![0].At("kind").Text());
        Assert.Equal(["graph-0-frontend", "graph-0-vllmprefillworker"], WantedCliques.Of(set).Select(clique => clique.Name));
    }

    [Fact]
    public void Of_graphThatRefusesGrove_staysDeployments()
    {
        var graph = Graphs.Alpha();
        graph["metadata"]!["annotations"] = new JsonObject { ["nvidia.com/enable-grove"] = "false" };

        var plan = GraphPlan.Of(GraphSpec.Read(graph, Options), Options);

        Assert.Equal(2, plan.Count(planned => planned.Plural == "deployments"));
        Assert.DoesNotContain(plan, planned => planned.Plural == GroveNames.Sets);
    }

    [Fact]
    public void Of_severalNodes_areALeaderAndWorkersOfAGroup()
    {
        var graph = Graphs.Alpha();
        graph["spec"]!["services"]!["VllmPrefillWorker"]!["multinode"] = new JsonObject { ["nodeCount"] = 3 };
        var set = GraphPlan.Of(GraphSpec.Read(graph, Options), Options).Single(planned => planned.Plural == GroveNames.Sets).Body;

        var cliques = WantedCliques.Of(set).Where(clique => clique.Group is not null).ToList();

        Assert.Equal("graph-0-vllmprefillworker", Assert.Single(WantedCliques.GroupsOf(set)).Name);
        Assert.Equal(
            [
                ("graph-0-vllmprefillworker-0-vllmprefillworker-ldr", 1L), ("graph-0-vllmprefillworker-0-vllmprefillworker-wkr", 2L),
                ("graph-0-vllmprefillworker-1-vllmprefillworker-ldr", 1L), ("graph-0-vllmprefillworker-1-vllmprefillworker-wkr", 2L),
            ],
            cliques.Select(clique => (clique.Name, clique.Replicas)));
        Assert.Equal("python3 -m dynamo.vllm --model M --is-prefill-worker --nnodes 3 --node-rank 0", CommandOf(cliques[0]));
        Assert.Equal(
            "sh -c exec python3 -m dynamo.vllm --model M --is-prefill-worker --nnodes 3 --node-rank $((GROVE_PCLQ_POD_INDEX + 1)) --headless",
            CommandOf(cliques[1]));
        Assert.NotNull(MainOf(cliques[0])["readinessProbe"]);
        Assert.Null(MainOf(cliques[1])["readinessProbe"]);
    }

    [Theory]
    [InlineData("""["/bin/sh","-c","a b"]""", "[]", """/bin/sh -c a b --nnodes 2 --node-rank 0""")]
    [InlineData("""["/bin/bash","-c"]""", """["a b"]""", """/bin/bash -c a b --nnodes 2 --node-rank 0""")]
    [InlineData("""["sh"]""", """["-c","a b"]""", """sh -c a b --nnodes 2 --node-rank 0""")]
    [InlineData("""["python3"]""", """["-m","a"]""", """python3 -m a --nnodes 2 --node-rank 0""")]
    public void Leader_ofAnyForm_hasTheOptionsWhereTheCommandIs(string command, string arguments, string expected)
    {
        var template = (JsonObject)JsonNode.Parse(
            $$"""{"spec":{"containers":[{"name":"main","command":{{command}},"args":{{arguments}} }]} }""")!;

        NodeCommand.Leader(template, 2);

        var main = template["spec"]!["containers"]![0]!;
        Assert.Equal(expected, string.Join(' ', main["command"]!.AsArray().Concat(main["args"]!.AsArray()).Select(word => word.Text())));
    }

    [Fact]
    public void Pod_hasGrovesNameLabelsVariablesAndOwner()
    {
        var graph = Graphs.Alpha();
        graph["spec"]!["services"]!["VllmPrefillWorker"]!["multinode"] = new JsonObject { ["nodeCount"] = 2 };
        var set = GraphPlan.Of(GraphSpec.Read(graph, Options), Options).Single(planned => planned.Plural == GroveNames.Sets).Body;
        var clique = WantedCliques.Of(set).Single(wanted => wanted.Name.EndsWith("-1-vllmprefillworker-wkr", StringComparison.Ordinal));

        var pod = clique.Pod(0, "abcde", new() { ["kind"] = "PodClique" });

        Assert.Equal("graph-0-vllmprefillworker-1-vllmprefillworker-wkr-abcde", pod.At("metadata", "name").Text());
        var labels = pod.At("metadata", "labels")!.AsObject();
        Assert.Equal(
            ["grove-operator", "graph", clique.Name, "0", "0", "graph-0-vllmprefillworker", "1", "graph", "VllmPrefillWorker"],
            ((string[])[
                GroveNames.ManagedBy, GroveNames.PartOf, GroveNames.Clique, GroveNames.PodIndex, GroveNames.SetIndex, GroveNames.Group,
                GroveNames.GroupIndex, GraphLabels.Graph, GraphLabels.Component,
            ]).Select(label => labels[label].Text()));
        var variables = pod["spec"]!["containers"]![0]!["env"]!.AsArray().ToDictionary(v => v!["name"].Text()!, v => v!["value"].Text(), StringComparer.Ordinal);
        Assert.Equal(
            ("graph", "0", clique.Name, "graph-0-vllmprefillworker", "1", "2"),
            (variables["GROVE_PCS_NAME"], variables["GROVE_PCLQ_POD_INDEX"], variables["GROVE_PCLQ_NAME"], variables["GROVE_PCSG_NAME"],
                variables["GROVE_PCSG_INDEX"], variables["GROVE_PCSG_TEMPLATE_NUM_PODS"]));
        Assert.Equal("PodClique", pod.At("metadata", "ownerReferences")![0].At("kind").Text());
    }

    private static JsonObject MainOf(WantedClique clique) => (JsonObject)clique.Template["spec"]!["podSpec"]!["containers"]![0]!;

    private static string CommandOf(WantedClique clique) =>
        string.Join(' ', MainOf(clique)["command"]!.AsArray().Concat(MainOf(clique)["args"]!.AsArray()).Select(word => word.Text()));

    private static ServiceSpec Service(string name, long nodes) =>
        new(name, name, "worker", null, "dn", 1, [], [], [], null) { NodeCount = nodes };
}
