using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class LocalKubeletTests
{
    [Fact]
    public async Task Pod_created_runs_as_pid_1_with_its_own_environment_and_files()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        var pod = cluster.CreatePod(
            "a",
            "echo pid $$$$; env | sort; ls /proc | grep -c '^[0-9]'; cat /var/run/secrets/kubernetes.io/serviceaccount/*; echo; exec sleep 1000"
        );
        var ready = await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "token-");
        var log = await cluster.LogAsync("a");

        Assert.Contains("pid 1\n", log, StringComparison.Ordinal);
        Assert.Contains("HOSTNAME=a\n", log, StringComparison.Ordinal);
        Assert.Contains(
            FormattableString.Invariant($"KUBERNETES_SERVICE_PORT={cluster.Options.ApiServerPort}\n"),
            log,
            StringComparison.Ordinal
        );
        Assert.Contains($"CAnstoken-ns-default-{pod.Uid()}", log, StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_NOLOGO", log, StringComparison.Ordinal);
        Assert.Equal("Running", ready.Text("status", "phase"));
        Assert.StartsWith("127.", ready.Text("status", "podIP"), StringComparison.Ordinal);
        Assert.Equal("local", ready.Text("spec", "nodeName"));
        foreach (var type in (string[])["PodScheduled", "Initialized", "ContainersReady", "Ready"])
        {
            Assert.Equal("True", ready.Condition(type).Text("status"));
        }

        Assert.Equal(["Scheduled", "Pulled", "Created", "Started"], cluster.EventReasons("a").Take(4), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Container_that_ends_is_started_again_and_its_previous_log_kept()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("a", "echo first; trap 'echo bye; exit 7' TERM; while :; do sleep 0.05; done");
        var before = await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "first");
        await Assert.ThrowsAsync<StoreException>(() => cluster.LogAsync("a", new LogRequest(null, false, true, null, null, null, false)));
        await cluster.ExecAsync("a", "/bin/sh", "-c", "kill -TERM 1 2>/dev/null || kill -TERM $PPID");
        var pod = await cluster.WaitPodAsync("a", p =>
            p.Maps("status", "containerStatuses").First().Number("restartCount") == 1 && p.IsReady()
        );

        var status = pod.Maps("status", "containerStatuses").First();
        Assert.Equal(7, status.Number("lastState", "terminated", "exitCode"));
        Assert.Equal("Error", status.Text("lastState", "terminated", "reason"));
        Assert.Equal("first\nbye\n", await cluster.LogAsync("a", new LogRequest("main", false, true, null, null, null, false)));
        Assert.True(
            Stamp.Parse(pod.Condition("Ready").Text("lastTransitionTime"))
                > Stamp.Parse(before.Condition("Ready").Text("lastTransitionTime"))
        );
    }

    [Theory]
    [InlineData("faultmatrix-none", "exec: \"faultmatrix-none\": executable file not found in $PATH: unknown")]
    [InlineData("cd", "exec: \"cd\": executable file not found in $PATH: unknown")]
    [InlineData("/faultmatrix-none", "exec: \"/faultmatrix-none\": stat /faultmatrix-none: no such file or directory: unknown")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied: unknown")]
    public async Task Exec_of_what_is_no_program_is_refused_in_the_runtimes_words(string command, string expected)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("a", "exec sleep 1000");
        await cluster.WaitReadyAsync("a");

        var error = await Assert.ThrowsAsync<ExecStartException>(() => cluster.ExecAsync("a", command));

        Assert.EndsWith("OCI runtime exec failed: exec failed: unable to start container process: " + expected, error.Message,
            StringComparison.Ordinal);
        Assert.Equal((3, "", ""), await cluster.ExecAsync("a", "sh", "-c", "exit 3"));
    }

    [Theory]
    [InlineData(9, 137)]
    [InlineData(15, 143)]
    [InlineData(2, 130)]
    public async Task Exit_code_of_a_signal_is_128_and_the_signal(int signal, int expected)
    {
        await using var cluster = await TestCluster.StartAsync();
        // $$$$ is $$ to the shell. In the foreground: a shell has its background commands ignore SIGINT.
        cluster.CreatePod("a", $"sh -c 'kill -{signal} $$$$'; exit $?", p => p["spec"]!["restartPolicy"] = "Never");
        var pod = await cluster.WaitPodAsync("a", p => p.Text("status", "phase") == "Failed");
        Assert.Equal(expected, pod.Maps("status", "containerStatuses").First().Number("state", "terminated", "exitCode"));
    }

    [Fact]
    public async Task Kill_9_of_pid_1_from_inside_has_no_effect_and_from_outside_is_137()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.CreatePod("a", "sleep 1000 & sleep 1000 & echo $! > /var/run/child; wait $!; echo child $?; exec sleep 1000");
        await cluster.WaitReadyAsync("a");
        Assert.Equal(0, (await cluster.ExecAsync("a", "/bin/sh", "-c", "kill -9 1")).Code);
        Assert.Equal(0, (await cluster.ExecAsync("a", "/bin/sh", "-c", "kill -9 $(cat /var/run/child)")).Code);
        await cluster.WaitLogAsync("a", "child 137");
        Assert.Equal(0, (await cluster.WaitReadyAsync("a")).Maps("status", "containerStatuses").First().Number("restartCount"));

        foreach (var pid in Processes.With("HOSTNAME=a", cluster.Options.ApiServerPort).Where(p => Processes.NamespacePid(p) == 1).Take(1))
        {
            ProcessSignals.Send(pid, ProcessSignals.Kill);
        }

        var pod = await cluster.WaitPodAsync("a", p => p.Maps("status", "containerStatuses").First().Number("restartCount") == 1);
        Assert.Equal(137, pod.Maps("status", "containerStatuses").First().Number("lastState", "terminated", "exitCode"));
    }

    [Fact]
    public async Task Sigint_reaches_the_handler_of_pid_1()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.CreatePod("a", "trap 'echo got it; exit 3' INT; echo armed; while :; do sleep 0.05; done", p =>
            p["spec"]!["restartPolicy"] = "Never"
        );
        await cluster.WaitReadyAsync("a");
        await cluster.WaitLogAsync("a", "armed");
        await cluster.ExecAsync("a", "/bin/sh", "-c", "kill -INT 1");
        var pod = await cluster.WaitPodAsync("a", p => p.Text("status", "phase") == "Failed");
        Assert.Equal(3, pod.Maps("status", "containerStatuses").First().Number("state", "terminated", "exitCode"));
        Assert.Contains("got it", await cluster.LogAsync("a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_carries_input_output_exit_code_and_environment()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("a", "exec sleep 1000", p =>
        {
            p["spec"]!["containers"]![0]!["workingDir"] = "/usr";
            p["spec"]!["containers"]![0]!["env"] = JsonNode.Parse(
                """[{"name":"A","value":"x"},{"name":"B","value":"$(A)y"},{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}]"""
            );
        });
        var pod = await cluster.WaitReadyAsync("a");
        var (code, output, error) = await cluster.ExecAsync("a", "/bin/sh", "-c", "pwd; echo $B $IP; echo oops >&2; exit 4");
        Assert.Equal((4, $"/usr\nxy {pod.Text("status", "podIP")}\n", "oops\n"), (code, output, error));

        await using var session = await cluster.Kubelet.ExecAsync("ns", "a", "main", ["cat"], stdin: true, tty: false, TestCluster.Token);
        await session.Input!.WriteAsync("hello"u8.ToArray(), TestCluster.Token);
        await session.Input.DisposeAsync();
        Assert.Equal("hello", await new StreamReader(session.Output).ReadToEndAsync(TestCluster.Token));
        Assert.Equal(0, await session.WaitAsync(TestCluster.Token));
        Assert.Equal(137, (await cluster.ExecAsync("a", "/bin/sh", "-c", "kill -9 $$")).Code);
    }

    [Fact]
    public async Task Deletion_gives_grace_then_kills_and_removes_the_object()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("polite", "trap 'echo ending; exit 0' TERM; echo armed; while :; do sleep 0.05; done");
        cluster.CreatePod("deaf", "trap '' TERM; while :; do sleep 0.05; done", p => p["spec"]!["terminationGracePeriodSeconds"] = 1);
        await cluster.WaitReadyAsync("polite");
        await cluster.WaitReadyAsync("deaf");
        await cluster.WaitLogAsync("polite", "armed");
        Deletion.Begin(cluster.Store, TestCluster.Id("polite"), TimeProvider.System);
        Deletion.Begin(cluster.Store, TestCluster.Id("deaf"), TimeProvider.System);
        await cluster.WaitAsync(TestCluster.Id("polite"), p => p is null);
        await cluster.WaitAsync(TestCluster.Id("deaf"), p => p is null);
        Assert.Contains("Killing", cluster.EventReasons("polite"), StringComparer.Ordinal);
        Assert.Empty(Processes.With("HOSTNAME=deaf", cluster.Options.ApiServerPort));
    }

    [Fact]
    public async Task Unknown_image_and_bad_command_say_so()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("image", "", p => p["spec"]!["containers"]![0]!["image"] = "nobody/knows:1");
        cluster.CreatePod("command", "", p => p["spec"]!["containers"]![0]!["command"] = new JsonArray("no-such-program"));
        cluster.CreatePod("volume", "", p =>
        {
            p["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"v","hostPath":{"path":"/"}}]""");
            p["spec"]!["containers"]![0]!["volumeMounts"] = JsonNode.Parse("""[{"name":"v","mountPath":"/mnt"}]""");
        });
        await cluster.WaitPodAsync("image", p =>
            p.Maps("status", "containerStatuses").FirstOrDefault().Text("state", "waiting", "reason") == "ErrImagePull"
        );
        var command = await cluster.WaitPodAsync("command", p =>
            p.Maps("status", "containerStatuses").FirstOrDefault().Text("lastState", "terminated", "reason") == "StartError"
        );
        Assert.Contains(
            "no-such-program",
            command.Maps("status", "containerStatuses").First().Text("lastState", "terminated", "message"),
            StringComparison.Ordinal
        );
        var volume = await cluster.WaitPodAsync("volume", p =>
            p.Maps("status", "containerStatuses").FirstOrDefault().Text("state", "waiting", "reason") == "CreateContainerConfigError"
        );
        Assert.Contains(
            "hostPath",
            volume.Maps("status", "containerStatuses").First().Text("state", "waiting", "message"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Disposed_exec_session_takes_its_command_with_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.SkipUnless(cluster.Kubelet.PidNamespaces, cluster.Kubelet.Note ?? "");
        cluster.CreatePod("a", "trap 'exit 0' TERM; while [ ! -e /var/run/gone ]; do sleep 0.05; done; echo gone; sleep 1000", p =>
            p["spec"]!["terminationGracePeriodSeconds"] = 1
        );
        await cluster.WaitReadyAsync("a");
        var session = await cluster.Kubelet.ExecAsync(
            "ns",
            "a",
            null,
            ["/bin/sh", "-c", "echo $$; exec sleep 1000"],
            stdin: false,
            tty: false,
            TestCluster.Token
        );
        var pid = await new StreamReader(session.Output).ReadLineAsync(TestCluster.Token);
        Assert.Equal(0, (await cluster.ExecAsync("a", "/bin/sh", "-c", $"kill -0 {pid}")).Code);
        await session.DisposeAsync();
        await cluster.ExecAsync("a", "/bin/sh", "-c", $"while kill -0 {pid} 2>/dev/null; do sleep 0.02; done; touch /var/run/gone");
        await cluster.WaitLogAsync("a", "gone");
    }

    [Fact]
    public async Task Connection_reaches_the_pods_own_address_and_says_when_it_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.CreatePod("a", "exec sleep 1000");
        var ip = (await cluster.WaitReadyAsync("a")).Text("status", "podIP")!;
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Parse(ip), 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await using (await cluster.Kubelet.ConnectAsync("ns", "a", port, TestCluster.Token))
        {
            using var accepted = await listener.AcceptTcpClientAsync(TestCluster.Token);
            Assert.True(accepted.Connected);
        }

        listener.Stop();
        var error = await Assert.ThrowsAsync<IOException>(() => cluster.Kubelet.ConnectAsync("ns", "a", port, TestCluster.Token));
        Assert.Contains(ip, error.Message, StringComparison.Ordinal);
        Assert.Equal(
            404,
            (await Assert.ThrowsAsync<StoreException>(() => cluster.Kubelet.ConnectAsync("ns", "nobody", port, TestCluster.Token))).Status
        );
    }

    [Fact]
    public async Task Dispose_ends_every_process()
    {
        var cluster = await TestCluster.StartAsync();
        string folder;
        await using (cluster)
        {
            folder = cluster.Options.DataDirectory;
            cluster.CreatePod("many", "sleep 1000 & sleep 1000 & trap '' TERM; wait");
            await cluster.WaitReadyAsync("many");
            Assert.NotEmpty(Processes.With("HOSTNAME=many", cluster.Options.ApiServerPort));
        }

        Assert.Empty(Processes.With("HOSTNAME=many", cluster.Options.ApiServerPort));
        Assert.False(Directory.Exists(folder) && Directory.EnumerateDirectories(Path.Combine(folder, "pods")).Any());
    }
}
