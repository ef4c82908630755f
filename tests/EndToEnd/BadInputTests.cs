using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>What a user may get wrong: one clear message, the documented exit code, nothing left behind.</summary>
public sealed class BadInputTests(ClusterOfTest cluster) : IClassFixture<ClusterOfTest>, IDisposable
{
    private const string Scenario = "agg-tp-1-dp-1-none";
    private readonly TempFolder _temp = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Results => _temp["results"];

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("FaultMatrx", "FT0101: Unknown target 'FaultMatrx'. Did you mean 'FaultMatrix'?")]
    [InlineData("--paralelism 2", "FT0102: Unknown parameter '--paralelism'. Did you mean '--parallelism'?")]
    [InlineData("--parallelism many", "'many'")]
    [InlineData("--scenario agg-tp-1-dp1-none", "FT0210: there is no scenario 'agg-tp-1-dp1-none'; did you mean 'agg-tp-1-dp-1-none'?")]
    [InlineData("--scenario nothing-*", "nothing-*")]
    [InlineData("--load-profile quik", "quik")]
    public async Task Unknown_name_ends_with_2_and_the_nearest_one(string words, string expected)
    {
        var output = await FailsAsync(2, words.Split(' '));
        Assert.Contains(expected, Assert.Single(Errors(output)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_scenarios_file_ends_with_2_and_its_line()
    {
        var file = _temp.Write("scenarios.json", "{\n  \"deployments\": {\n");
        var output = await FailsAsync(2, "--scenarios-file", file);
        Assert.Matches($@"FT0201: {Regex.Escape(file)}:\d+: not valid JSON", Assert.Single(Errors(output)));
    }

    [Fact]
    public async Task Wrong_scenarios_file_ends_with_2_and_every_fault_with_its_line()
    {
        var file = _temp.Write("scenarios.json", """
            {
              "deployments": {
                "agg": { "manifest": "deployments/nowhere.yaml", "replicas": 0, "tensorParallel": 1, "roles": ["frontend", "decode"] }
              },
              "failures": {
                "none": {},
                "frontend": { "kind": "killProces", "target": "frontend" }
              },
              "loads": { "quick": { "clients": -1, "requestsPerClient": 100 } },
              "profiles": { "quick": { "load": "quik" } },
              "matrix": [ { "deployments": ["agg"], "failures": ["*"] } ]
            }
            """);
        var errors = Errors(await FailsAsync(2, "--scenarios-file", file));
        Assert.Equal(5, errors.Count);
        foreach (
            var (line, text) in new[]
            {
                (3, "'deployments/nowhere.yaml' does not exist"),
                (3, "'replicas' is 0"),
                (7, "did you mean 'killProcess'?"),
                (9, "'clients' is -1"),
                (10, "did you mean 'quick'?"),
            }
        )
        {
            Assert.Contains(errors, e =>
                e.Contains($"{file}:{line}: ", StringComparison.Ordinal) && e.Contains(text, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Missing_scenarios_file_ends_with_2() =>
        Assert.Contains(
            "FT0201",
            Assert.Single(Errors(await FailsAsync(2, "--scenarios-file", _temp["nowhere.json"]))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Unknown_namespace_ends_with_3() =>
        Assert.Contains(
            "has no namespace 'nowhere'; create it or name another with --namespace",
            await OneErrorAsync(3, "--cluster-name", cluster.Name, "--namespace", "nowhere"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Missing_kubeconfig_ends_with_3() =>
        Assert.Contains(
            $"'{_temp["nowhere"]}' does not exist",
            await OneErrorAsync(3, "--kubeconfig", _temp["nowhere"]),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Unreachable_api_ends_with_3()
    {
        var kubeconfig = await KubeconfigAsync(@"server: \S+", $"server: https://127.0.0.1:{ClosedPort()}");
        Assert.Contains(
            "cannot reach the cluster at https://127.0.0.1:",
            await OneErrorAsync(3, "--kubeconfig", kubeconfig),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refusing_api_ends_with_3()
    {
        var kubeconfig = await KubeconfigAsync(@"token: \S+", "token: wrong");
        Assert.Contains("does not accept these credentials", await OneErrorAsync(3, "--kubeconfig", kubeconfig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_in_use_ends_with_3_and_no_cluster()
    {
        var name = $"e2e-{Guid.NewGuid():N}"[..12];
        var (code, output) = await BuildScript.RunAsync(["ClusterUp", "--cluster-name", name, "--port", $"{cluster.Port}"]);
        Assert.True(code == 3, output);
        Assert.Contains($"port {cluster.Port} on 127.0.0.1 cannot be used", Assert.Single(Errors(output)), StringComparison.Ordinal);
        Leftovers.NoneOfCluster(name);
    }

    [Fact]
    public async Task Results_folder_that_is_a_file_ends_with_2()
    {
        // A file in its place stops root as well.
        var file = _temp.Write("file", "kept");
        var (code, output) = await BuildScript.RunAsync(["--scenario", Scenario, "--cluster-name", cluster.Name, "--results", file]);
        Assert.True(code == 2, output);
        Assert.Contains($"FT0103: --results takes a folder, and '{file}' is none.", output, StringComparison.Ordinal);
        Assert.Equal("kept", await File.ReadAllTextAsync(file, Cancellation));
        await NoGraphAsync();
    }

    [Fact]
    public async Task Full_disk_ends_with_1_without_a_stack_trace_and_with_the_graph_gone()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "a small file system can be mounted by root only");
        var mount = Directory.CreateDirectory(_temp["tiny"]).FullName;
        using (var mounting = System.Diagnostics.Process.Start("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", mount]))
        {
            await mounting.WaitForExitAsync(Cancellation);
            Assert.SkipUnless(mounting.ExitCode == 0, "mounting is not allowed here");
        }

        try
        {
            var (code, output) = await BuildScript.RunAsync([
                "--scenario",
                Scenario,
                "--cluster-name",
                cluster.Name,
                "--results",
                Path.Combine(mount, "results"),
            ]);
            Assert.True(code == 1, output);
            Assert.Contains(Errors(output), e => e.Contains("No space left on device", StringComparison.Ordinal));
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
            Assert.DoesNotContain("MSB4018", output, StringComparison.Ordinal);
            await NoGraphAsync();
        }
        finally
        {
            using var unmounting = System.Diagnostics.Process.Start("umount", [mount]);
            await unmounting.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Graph_that_never_becomes_ready_says_which_pods_and_why()
    {
        var (code, output) = await BuildScript.RunAsync([
            "--scenario",
            Scenario,
            "--cluster-name",
            cluster.Name,
            "--image",
            "nowhere/image:1",
            "--ready-timeout",
            "8",
            "--results",
            Results,
        ]);
        Assert.True(code == 1, output);
        var error = Assert.Single(Errors(output), e =>
            e.Contains("FT0402", StringComparison.Ordinal) && e.Contains("Deploy: ", StringComparison.Ordinal)
        );
        Assert.Contains("not ready within 8 s", error, StringComparison.Ordinal);
        Assert.Matches(@"frontend-\S+: main (ImagePullBackOff|ErrImagePull)", error);
        Assert.Matches(@"vllmdecodeworker-\S+: main (ImagePullBackOff|ErrImagePull)", error);
        await NoGraphAsync();
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The closing list of errors; a live line may have told one before.
    private static IReadOnlyList<string> Errors(string output)
    {
        var lines = output.Split('\n');
        var box = Array.FindIndex(lines, l => l.Contains("Errors & Warnings", StringComparison.Ordinal));
        return
        [
            .. lines
                .Skip(box + 1)
                .Where(l => l.StartsWith("[ERR] ", StringComparison.Ordinal) || l.StartsWith("error ", StringComparison.Ordinal)),
        ];
    }

    private async Task<string> OneErrorAsync(int code, params string[] words) =>
        Assert.Single(Errors(await FailsAsync(code, ["--scenario", Scenario, .. words])));

    private async Task<string> FailsAsync(int expected, params string[] words)
    {
        await using var script = BuildScript.Start([.. words, "--results", Results]);
        var code = await script.WaitAsync();
        Assert.True(code == expected, $"exit code {code}: {script.Output}");
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Results), "a results folder was made");
        Leftovers.NoneOf(script.Id);
        return script.Output;
    }

    private async Task<string> KubeconfigAsync(string pattern, string replacement) =>
        _temp.Write(
            "kubeconfig",
            Regex.Replace(
                await File.ReadAllTextAsync(cluster.Kubeconfig, Cancellation),
                pattern,
                replacement,
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            )
        );

    private async Task NoGraphAsync()
    {
        var pods = ProcessTree.Of(cluster.Pid).Where(p => p.CommandLine.StartsWith("python3 ", StringComparison.Ordinal)).ToList();
        await ProcessTree.AllGoneAsync(pods);
    }
}
