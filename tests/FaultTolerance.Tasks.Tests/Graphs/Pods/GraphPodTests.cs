using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

public sealed class GraphPodTests
{
    [Theory]
    // Name and ports of each container, the annotation, and which is meant.
    [InlineData("main:http=8000", null, "main")]
    [InlineData("istio-proxy:http-envoy-prom=15090 server:http=8000", null, "server")]
    [InlineData("istio-proxy:=15090 server:=8000", null, "server")]
    [InlineData("istio-proxy: server:", null, "server")]
    [InlineData("helper: server:http=8000", null, "server")]
    [InlineData("helper: server:=8000", null, "server")]
    [InlineData("istio-proxy:http=15090 other:http=1 server:http=8000", "server", "server")]
    [InlineData("other:http=1 main:", null, "main")]
    [InlineData("other:http=1 main:", "other", "other")]
    [InlineData("other:http=1 frontend:", "other", "frontend")]
    [InlineData("other:http=1 main:", "missing", "main")]
    [InlineData("istio-proxy:=15090", null, "istio-proxy")]
    public void MainContainer_is_the_one_that_does_the_services_work(string containers, string? annotated, string expected) =>
        Assert.Equal(expected, Pod(containers, annotated).MainContainer.Name);

    [Theory]
    [InlineData("frontend", "server:=6556", 6556)]
    [InlineData("decode", "server:=6556", 6556)]
    [InlineData("decode", "istio-proxy:http-envoy-prom=15090 server:=6556", 6556)]
    [InlineData("decode", "server:http=8000,metrics=9400", 9400)]
    [InlineData("decode", "server:http=8000,system=9000", 9000)]
    [InlineData("frontend", "server:http=8000,metrics=9400", 8000)]
    [InlineData("decode", "server:a=1,b=2", 9090)]
    [InlineData("decode", "server:", 9090)]
    public void MetricsPort_of_a_plain_pod_is_its_only_one(string role, string containers, int expected) =>
        Assert.Equal(expected, Pod(containers, null, role).MetricsPort);

    [Theory]
    [InlineData("8081", null, 8081)]
    [InlineData(null, "8081", 8081)]
    [InlineData("8081", "9191", 8081)]
    [InlineData("none", null, 9000)]
    [InlineData("70000", null, 9000)]
    [InlineData(null, null, 9000)]
    public void MetricsPort_is_the_one_that_a_container_sets_by_DYN_SYSTEM_PORT(string? own, string? beside, int expected)
    {
        var pod = Pod("main:system=9000,nixl=19090 engine:", null, "decode");
        Set(pod.Object.Spec.Containers[0], own);
        Set(pod.Object.Spec.Containers[1], beside);

        Assert.Equal(expected, pod.MetricsPort);

        static void Set(V1Container container, string? port) =>
            container.Env = port is null ? null : [new V1EnvVar { Name = "DYN_SYSTEM_PORT", Value = port }];
    }

    [Theory]
    [InlineData(2, "leaderworkerset.sigs.k8s.io/worker-index", "0", false)]
    [InlineData(2, "leaderworkerset.sigs.k8s.io/worker-index", "1", true)]
    [InlineData(2, "grove.io/podclique", "g-0-decode-0-decode-ldr", false)]
    [InlineData(2, "grove.io/podclique", "g-0-decode-0-decode-wkr", true)]
    [InlineData(1, "leaderworkerset.sigs.k8s.io/worker-index", "1", false)]
    public void Of_several_nodes_only_the_leader_serves(int nodes, string label, string value, bool headless)
    {
        var pod = Pod("main:", null, "decode");
        pod.Object.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [label] = value };

        Assert.Equal(headless, (pod with { Service = pod.Service with { Nodes = nodes } }).IsHeadless);
    }

    private static GraphPod Pod(string containers, string? annotated, string role = "frontend") => new(
        new GraphService("Server", role, 1),
        new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "p",
                Annotations = annotated is null ? null : new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["kubectl.kubernetes.io/default-container"] = annotated,
                },
            },
            Spec = new V1PodSpec
            {
                Containers =
                [
                    .. containers.Split(' ').Select(text => text.Split(':')).Select(parts => new V1Container
                    {
                        Name = parts[0],
                        Ports =
                        [
                            .. parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(port => port.Split('=')).Select(port =>
                                new V1ContainerPort { Name = port[0].Length == 0 ? null : port[0], ContainerPort = int.Parse(port[1]) }),
                        ],
                    }),
                ],
            },
        });
}
