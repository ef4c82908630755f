using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class RestartAndProbeTests
{
    [Fact]
    public async Task Second_crash_waits_in_CrashLoopBackOff_and_logs_keep_both_instances()
    {
        await using var cluster = await TestCluster.StartAsync(backoffSeconds: 1);
        cluster.CreatePod("a", "echo run; exit 3");
        var pod = await cluster.WaitPodAsync("a", p => First(p).Text("state", "waiting", "reason") == "CrashLoopBackOff");
        Assert.Equal(1, First(pod).Number("restartCount"));
        Assert.Equal(3, First(pod).Number("lastState", "terminated", "exitCode"));
        Assert.False(pod.IsReady());
        Assert.Equal("run\n", await cluster.LogAsync("a", new LogRequest(null, false, true, null, null, null, false)));
        Assert.Contains("BackOff", cluster.EventReasons("a"), StringComparer.Ordinal);
        await cluster.WaitPodAsync("a", p => First(p).Number("restartCount") == 2);
    }

    [Fact]
    public async Task Startup_readiness_and_liveness_follow_their_files()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.CreatePod("a", "trap 'exit 0' TERM; while :; do sleep 0.05; done", p =>
        {
            var main = p["spec"]!["containers"]![0]!.AsObject();
            main["startupProbe"] = JsonNode.Parse(
                """{"exec":{"command":["cat","/var/run/up"]},"periodSeconds":1,"failureThreshold":1000}"""
            );
            main["readinessProbe"] = JsonNode.Parse(
                """{"exec":{"command":["cat","/var/run/ready"]},"periodSeconds":1,"failureThreshold":1}"""
            );
            main["livenessProbe"] = JsonNode.Parse(
                """{"exec":{"command":["/bin/sh","-c","! test -e /var/run/sick"]},"periodSeconds":1,"failureThreshold":1}"""
            );
        });
        await cluster.WaitPodAsync("a", p => First(p)["state"]?["running"] is not null && !First(p).IsTrue("started"));
        await cluster.ExecAsync("a", "touch", "/var/run/up");
        Assert.False((await cluster.WaitPodAsync("a", p => First(p).IsTrue("started"))).IsReady());
        await cluster.ExecAsync("a", "touch", "/var/run/ready");
        await cluster.WaitReadyAsync("a");
        await cluster.ExecAsync("a", "rm", "/var/run/ready");
        await cluster.WaitPodAsync("a", p => !p.IsReady());
        await cluster.ExecAsync("a", "touch", "/var/run/sick");
        await cluster.WaitPodAsync("a", p => First(p).Number("restartCount") >= 1);
        Assert.Contains("Unhealthy", cluster.EventReasons("a"), StringComparer.Ordinal);
        Assert.Contains("Killing", cluster.EventReasons("a"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Init_containers_run_one_after_the_other_before_the_rest()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("a", "exec sleep 1000", p =>
            p["spec"]!["initContainers"] = JsonNode.Parse(
                """[{"name":"i1","image":"test","command":["/bin/sh","-c","echo one"]},{"name":"i2","image":"test","command":["/bin/sh","-c","echo two"]}]"""
            )
        );
        var pod = await cluster.WaitReadyAsync("a");
        var inits = pod.Maps("status", "initContainerStatuses").ToList();
        Assert.Equal([0L, 0L], inits.Select(i => i.Number("state", "terminated", "exitCode") ?? -1));
        Assert.True(
            Stamp.Parse(inits[0].Text("state", "terminated", "finishedAt"))
                <= Stamp.Parse(inits[1].Text("state", "terminated", "startedAt"))
        );
        Assert.Equal("two\n", await cluster.LogAsync("a", new LogRequest("i2", false, false, null, null, null, false)));
    }

    [Fact]
    public async Task Forty_pods_at_once_become_ready_and_go()
    {
        await using var cluster = await TestCluster.StartAsync();
        var names = Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"p{i}")).ToList();
        names.ForEach(n => cluster.CreatePod(n, "exec sleep 1000"));
        await Task.WhenAll(names.Select(cluster.WaitReadyAsync));
        names.ForEach(n => cluster.Store.Remove(TestCluster.Id(n)));
    }

    [Fact]
    public async Task Container_over_its_memory_limit_is_killed_and_says_OOMKilled()
    {
        await using var cluster = await TestCluster.StartAsync(backoffSeconds: 600);
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        static void Limited(JsonObject pod) =>
            pod["spec"]!["containers"]![0]!["resources"] = JsonNode.Parse("""{"limits":{"memory":"24Mi"}}""");
        cluster.CreatePod("within", "exec sleep 1000", Limited);
        cluster.CreatePod("over", "exec sleep 1000", Limited);
        await cluster.WaitReadyAsync("within");
        await cluster.WaitReadyAsync("over");

        // By exec, as a fault does it: 64 MiB in a process that does not descend from the container's own.
        const string Take = "c=0123456789abcdef; n=0; while [ $n -lt 22 ]; do c=$c$c; n=$((n + 1)); done; sleep 600; :";
        await cluster.ExecAsync("over", "/bin/sh", "-c", Take);

        var pod = await cluster.WaitPodAsync("over", p => First(p).Number("restartCount") == 1);
        Assert.Equal(("OOMKilled", 137L), (First(pod).Text("lastState", "terminated", "reason"), First(pod).Number("lastState", "terminated", "exitCode")));
        Assert.Equal(0, First((await cluster.WaitReadyAsync("within"))).Number("restartCount"));
    }

    private static JsonObject First(JsonObject pod) => pod.Maps("status", "containerStatuses").FirstOrDefault() ?? [];
}
