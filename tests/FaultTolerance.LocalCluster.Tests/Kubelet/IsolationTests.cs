using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class IsolationTests
{
    [Theory]
    [InlineData(nameof(IsolationMode.Namespaces))]
    [InlineData(nameof(IsolationMode.UserNamespace))]
    [InlineData(nameof(IsolationMode.None))]
    public async Task Life_of_a_pod_is_the_same_in_every_mode(string name)
    {
        var mode = Enum.Parse<IsolationMode>(name);
        await using var cluster = await TestCluster.StartAsync(mode);
        Assert.SkipWhen(mode != IsolationMode.None && !cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        Assert.Equal(mode == IsolationMode.None, cluster.Kubelet.Note is not null);
        cluster.CreatePod(name.ToLowerInvariant(), "(sleep 1000 & sleep 1000 & echo up; wait) & wait $!; sleep 1000", p =>
            p["spec"]!["terminationGracePeriodSeconds"] = 1
        );
        var pod = name.ToLowerInvariant();
        await cluster.WaitReadyAsync(pod);
        await cluster.WaitLogAsync(pod, "up");
        Assert.Equal((5, "hi\n", ""), await cluster.ExecAsync(pod, "/bin/sh", "-c", "echo hi; exit 5"));
        await Assert.ThrowsAsync<ExecStartException>(() => cluster.ExecAsync(pod, "no-such-program"));
        Assert.True(Processes.With($"HOSTNAME={pod}", cluster.Options.ApiServerPort).Count >= 3);
        Deletion.Begin(cluster.Store, TestCluster.Id(pod), TimeProvider.System);
        await cluster.WaitAsync(TestCluster.Id(pod), p => p is null);
        Assert.Empty(Processes.With($"HOSTNAME={pod}", cluster.Options.ApiServerPort));
    }

    [Theory]
    [InlineData(nameof(IsolationMode.Namespaces))]
    [InlineData(nameof(IsolationMode.UserNamespace))]
    public async Task Volumes_are_mounted_where_the_pod_wants_them(string name)
    {
        var mode = Enum.Parse<IsolationMode>(name);
        await using var cluster = await TestCluster.StartAsync(mode);
        Assert.SkipWhen(!cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.Store.Create(new ResourceId(Resources.ConfigMaps, "ns", "map"), JsonNode.Parse("""{"data":{"key":"value"}}""")!.AsObject());
        cluster.CreatePod("a", "cat /mnt/key; touch /dev/shm/written; ls /dev/shm; exec sleep 1000", p =>
        {
            p["spec"]!["volumes"] = JsonNode.Parse(
                """[{"name":"m","configMap":{"name":"map"}},{"name":"e","emptyDir":{"medium":"Memory"}}]"""
            );
            p["spec"]!["containers"]![0]!["volumeMounts"] = JsonNode.Parse(
                """[{"name":"m","mountPath":"/mnt"},{"name":"e","mountPath":"/dev/shm"}]"""
            );
        });
        await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "written");
        Assert.Equal("valuewritten\n", await cluster.LogAsync("a"));
        Assert.False(File.Exists("/dev/shm/written"));
    }

    [Fact]
    public async Task Account_without_mounts_is_where_a_variable_says()
    {
        await using var cluster = await TestCluster.StartAsync(IsolationMode.None);
        cluster.CreatePod("a", "cd \"$KUBERNETES_SERVICE_ACCOUNT_FOLDER\"; cat namespace ca.crt; stat -c %a token; exec sleep 1000");
        await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "600");

        Assert.Equal("nsCA600\n", await cluster.LogAsync("a"));
    }

    [Fact]
    public async Task Two_clusters_give_different_addresses()
    {
        await using var one = await TestCluster.StartAsync();
        await using var two = await TestCluster.StartAsync();
        one.CreatePod("a", "exec sleep 1000");
        two.CreatePod("a", "exec sleep 1000");
        var first = (await one.WaitReadyAsync("a")).Text("status", "podIP");
        var second = (await two.WaitReadyAsync("a")).Text("status", "podIP");
        Assert.NotEqual(first, second, StringComparer.Ordinal);
    }
}
