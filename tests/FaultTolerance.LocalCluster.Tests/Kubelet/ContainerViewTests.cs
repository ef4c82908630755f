using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

/// <summary>Missing working directories and mount points are made in the container's own view, never on the machine.</summary>
public sealed class ContainerViewTests
{
    [Theory]
    [InlineData(false, "/faultmatrix-none/a/b")]
    [InlineData(false, "/opt/faultmatrix-none")]
    [InlineData(true, "/faultmatrix-none/a/b")]
    [InlineData(true, "/opt/faultmatrix-none")]
    public async Task Missing_working_directory_is_made_for_the_container_alone(bool unprivileged, string directory)
    {
        await using var cluster = await TestCluster.StartAsync(unprivileged ? IsolationMode.UserNamespace : IsolationMode.Namespaces);
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.CreatePod("a", "pwd; echo x >here && ls; ls -d /usr /proc/1; exec sleep 1000", p =>
            p["spec"]!["containers"]![0]!["workingDir"] = directory);

        await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "/proc/1");

        Assert.Equal($"{directory}\nhere\n/proc/1\n/usr\n", await cluster.LogAsync("a"));
        Assert.Equal((0, "x\n"), Short(await cluster.ExecAsync("a", "cat", "here")));
        Assert.False(Path.Exists("/faultmatrix-none") || Path.Exists("/opt/faultmatrix-none"));
    }

    [Fact]
    public async Task Temporary_files_are_the_containers_own_and_new_for_each_instance()
    {
        await using var cluster = await TestCluster.StartAsync(backoffSeconds: 0.1);
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.CreatePod("a", "ls -A $TMPDIR | wc -l; mktemp; exit 1");
        cluster.CreatePod("b", "echo $TMPDIR; exec sleep 1000", p =>
            p["spec"]!["containers"]![0]!["env"] = JsonNode.Parse("""[{"name":"TMPDIR","value":"/elsewhere"}]"""));

        await cluster.WaitPodAsync("a", p => p.Maps("status", "containerStatuses").FirstOrDefault()?.Number("restartCount") >= 1);
        await cluster.WaitLogAsync("a", "/var/run/tmp/");
        var log = await cluster.LogAsync("a");

        Assert.Matches("^0\n/var/run/tmp/tmp[.][A-Za-z0-9]+\n$", log);
        Assert.False(File.Exists(log.Split('\n')[1]));
        await cluster.WaitLogAsync("b", "/elsewhere\n");
    }

    [Fact]
    public async Task Missing_mount_points_are_made_one_in_another_and_what_was_there_is_still_seen()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.Store.Create(
            new(ResourceType.Core("configmaps"), "ns", "settings"),
            new JsonObject
            {
                ["data"] = new JsonObject { ["one.yaml"] = "1", ["two.yaml"] = "2" },
            }
        );
        cluster.CreatePod(
            "a",
            "touch /models/x /models/cache/y; cat /etc/faultmatrix/one.yaml; cat /etc/passwd | head -c 4; echo end; exec sleep 1000",
            p =>
            {
                p["spec"]!["volumes"] = JsonNode.Parse(
                    """[{"name":"models","emptyDir":{}},{"name":"cache","emptyDir":{}},{"name":"settings","configMap":{"name":"settings"}}]"""
                );
                p["spec"]!["containers"]![0]!["volumeMounts"] = JsonNode.Parse(
                    """
                    [{"name":"models","mountPath":"/models/"},{"name":"cache","mountPath":"/models/cache"},
                     {"name":"settings","mountPath":"/etc/faultmatrix/one.yaml","subPath":"one.yaml"}]
                    """
                );
            }
        );
        var pod = await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "end\n");

        Assert.Equal("1rootend\n", await cluster.LogAsync("a"));
        var volumes = Path.Combine(cluster.Options.DataDirectory, "pods", pod.Uid(), "volumes");
        Assert.True(File.Exists(Path.Combine(volumes, "models", "x")) && File.Exists(Path.Combine(volumes, "cache", "y")));
        Assert.False(Path.Exists("/models/cache") || Path.Exists("/etc/faultmatrix"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Machine_has_neither_folder_nor_mount_of_a_container_s_view_while_it_runs_and_after(bool unprivileged)
    {
        string[] points = ["/opt/faultmatrix-models", "/faultmatrix-deep/one/two", "/usr/share/faultmatrix-none"];
        string data;
        await using (var cluster = await TestCluster.StartAsync(unprivileged ? IsolationMode.UserNamespace : IsolationMode.Namespaces))
        {
            Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
            data = cluster.Options.DataDirectory;
            var folders = string.Join(' ', points);
            cluster.CreatePod("a", $"for f in {folders}; do touch $f/x && mountpoint -q $f && echo $f; done; exec sleep 1000", p =>
            {
                p["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"models","emptyDir":{}}]""");
                p["spec"]!["containers"]![0]!["volumeMounts"] =
                    new JsonArray([.. points.Select(point => new JsonObject { ["name"] = "models", ["mountPath"] = point })]);
            });
            await cluster.WaitReadyAsync("a");
            await cluster.WaitLogAsync("a", points[^1]);

            Assert.Equal(string.Concat(points.Select(point => point + "\n")), await cluster.LogAsync("a"));
            AssertNothing();
        }

        AssertNothing();

        void AssertNothing()
        {
            Assert.DoesNotContain(points.Append("/faultmatrix-deep"), Path.Exists);
            var mounts = File.ReadAllText("/proc/self/mountinfo");
            Assert.DoesNotContain(points.Append(data), point => mounts.Contains(point, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Without_mount_namespaces_a_missing_working_directory_is_a_start_error_that_says_so()
    {
        await using var cluster = await TestCluster.StartAsync(IsolationMode.None);
        cluster.CreatePod("a", "true", p => p["spec"]!["containers"]![0]!["workingDir"] = "/faultmatrix-none");

        var pod = await cluster.WaitPodAsync("a", p => First(p).At("lastState", "terminated") is not null
            || First(p).At("state", "terminated") is not null);

        var ended = First(pod).Map("state", "terminated") ?? First(pod).Map("lastState", "terminated");
        Assert.Contains("workingDir /faultmatrix-none is not there", ended.Text("message"), StringComparison.Ordinal);
    }

    private static JsonObject First(JsonObject pod) => pod.Maps("status", "containerStatuses").FirstOrDefault() ?? [];

    private static (int, string) Short((int Code, string Output, string Error) all) => (all.Code, all.Output);
}
