using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.KillProcess;

/// <summary>What kills a process, what proves that, and when it happened, against an API that plays the container.</summary>
public sealed class KillProcessTests : IAsyncLifetime
{
    private static readonly string Stat = string.Join(' ', Enumerable.Range(5, 17));

    private FaultStage _stage = null!;
    private string _list = $"P|0;1 (tini) S 0 {Stat} 100 0|tini -- vllm serve m\nP|0;7 (vllm) S 1 {Stat} 200 0|vllm serve m\n";
    private Func<HttpContext, WebSocket, string, Task> _kill = (_, socket, _) => SayAsync(socket, "sent 7 1.00 1.00\ngone 7 1.00 1.01\n");
    private readonly List<string> _asked = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await FaultStage.StartAsync(pods: 1);
        _stage.Handle = http =>
            http.Request.Path.Value!.EndsWith("/exec", StringComparison.Ordinal) ? ExecAsync(http) : Task.FromResult(false);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Child_of_an_init_is_killed_and_not_the_init()
    {
        var outcome = Assert.Single(await _stage.RunAsync(Kill("SIGINT")));

        Assert.Equal("process gone (PID 7, start 200)", outcome.Proof!.Text);
        var landed = Assert.Single(_stage.Events("fault.landed"));
        Assert.Equal("7 vllm serve m SIGINT", $"{landed["pid"]} {landed["command"]} {landed["signal"]}");
    }

    [Fact]
    public async Task Landed_is_by_the_containers_clock_and_says_how_far_it_may_be_off()
    {
        var ended = default(DateTimeOffset);
        _kill = async (_, socket, _) =>
        {
            // The news of the end is held back until the clock has moved on.
            await SetClockAsync(socket);
            ended = _stage.Clock.Now;
            var late = ended + TimeSpan.FromSeconds(0.5);
            await SayAsync(socket, $"sent 7 {Uptime(ended)} {Uptime(ended)}\n");
            while (_stage.Clock.Now < late)
            {
                await Task.Delay(10, Cancellation);
            }

            await SayAsync(socket, $"gone 7 {Uptime(ended)} {Uptime(ended)}\n");
        };

        var outcome = Assert.Single(await _stage.RunAsync(Kill("SIGKILL")));

        var uncertainty = Assert.Single(_stage.Events("fault.landed"))["uncertainty"]!.GetValue<double>();
        Assert.InRange(uncertainty, 0.01, double.MaxValue);
        Assert.InRange((outcome.Proof!.Landed - ended).Duration().TotalSeconds, 0, uncertainty);
    }

    [Fact]
    public async Task Without_a_clock_landed_is_when_the_news_came()
    {
        var outcome = Assert.Single(await _stage.RunAsync(Kill("SIGKILL")));

        Assert.True(outcome.Proof!.Landed >= outcome.Proof.Issued);
        Assert.Null(Assert.Single(_stage.Events("fault.landed"))["uncertainty"]);
    }

    [Fact]
    public async Task SIGKILL_of_PID_1_is_a_crash_that_137_proves()
    {
        AsPid1();
        var alive = default(DateTimeOffset);
        _kill = async (_, socket, script) =>
        {
            if (script.Contains("--cpu=1:1", StringComparison.Ordinal))
            {
                await SetClockAsync(socket);
                await SayAsync(socket, "sent 1 1.00 1.00 prlimit\n");
                return;
            }

            alive = _stage.Clock.Now;
            await SayAsync(socket, $"sent 1 {Uptime(alive)} {Uptime(alive)}\nstill {Uptime(alive)}\n");
            _stage.End("small-0", exitCode: 137);
        };

        var outcome = Assert.Single(await _stage.RunAsync(Kill("SIGKILL")));

        Assert.StartsWith(
            "container ended (Error, exit code 137); PID 1 is killed by a limit",
            outcome.Proof!.Text,
            StringComparison.Ordinal
        );
        var landed = Assert.Single(_stage.Events("fault.landed"));
        Assert.Equal("SIGKILL", landed["signal"]!.GetValue<string>());
        Assert.InRange(landed["uncertainty"]!.GetValue<double>(), 0, (outcome.Proof.Landed - alive).TotalSeconds + 1);
        Assert.Equal(137, Assert.Single(_stage.Events("fault.container"))["exitCode"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(0, "Completed")]
    [InlineData(143, "Error")]
    [InlineData(137, "OOMKilled")]
    public async Task PID_1_that_ended_otherwise_is_no_proof_of_a_crash(int exitCode, string reason)
    {
        AsPid1();
        _kill = async (_, socket, _) =>
        {
            await SayAsync(socket, "sent 1 1.00 1.00 prlimit\n");
            _stage.End("small-0", exitCode, reason);
        };

        var error = Assert.Single(await _stage.RunAsync(Kill("SIGKILL"))).Error!;

        Assert.Equal("FT0617", error.Code);
        Assert.Contains($"exit code {exitCode}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PID_1_without_means_to_limit_it_is_not_killed_by_another_signal()
    {
        AsPid1();
        _kill = (_, socket, _) => SayAsync(socket, "failed 1\n");

        var error = Assert.Single(await _stage.RunAsync(Kill("SIGKILL"))).Error!;

        Assert.Equal("FT0616", error.Code);
        Assert.Contains("neither a prlimit nor a Python", error.Message, StringComparison.Ordinal);
        Assert.Single(_asked, script => script.Contains("--cpu=1:1", StringComparison.Ordinal));
        Assert.DoesNotContain(_asked, script => script.Contains("kill -s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Idle_PID_1_is_unproven_and_says_why()
    {
        AsPid1();
        _stage.Options = new FaultOptions { ProofTimeout = TimeSpan.FromSeconds(1) };
        _kill = async (_, socket, _) =>
        {
            await SayAsync(socket, "sent 1 1.00 1.00 prlimit\nstill 1.00\n");
            await Task.Delay(20, Cancellation);
        };

        var error = Assert.Single(await _stage.RunAsync(Kill("SIGKILL"))).Error!;

        Assert.Equal("FT0606", error.Code);
        Assert.Contains("after a second of processor time, which it did not use", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,0", "FT0605")]
    [InlineData("0,2", null)]
    [InlineData("2,0", null)]
    [InlineData(",", null)]
    public async Task Signal_that_PID_1_does_not_take_is_refused_only_where_that_was_seen(string masks, string? code)
    {
        AsPid1(masks);
        _kill = (_, socket, _) => SayAsync(socket, "sent 1 1.00 1.00\ngone 1 1.00 1.01\n");

        Assert.Equal(code, Assert.Single(await _stage.RunAsync(Kill("SIGINT"))).Error?.Code);
    }

    [Theory]
    [InlineData(null, null, "server")]
    [InlineData(null, "server", "server")]
    [InlineData("server", null, "server")]
    [InlineData("istio-proxy", "server", "istio-proxy")]
    public async Task Container_is_the_failures_own_else_the_pods_default(string? named, string? annotated, string expected)
    {
        Sidecar(annotated);

        await _stage.RunAsync(Kill("SIGINT") with { Container = named });

        Assert.All(_stage.Api.Requests.Where(request => request.Contains("/exec?", StringComparison.Ordinal)), request =>
            Assert.Contains($"container={expected}&", request, StringComparison.Ordinal)
        );
        Assert.Equal(expected, Assert.Single(_stage.Events("fault.landed"))["container"]!.GetValue<string>());
    }

    [Fact]
    public async Task Container_that_the_pod_does_not_have_is_refused_with_those_there_are()
    {
        Sidecar(null);

        var error = Assert.Single(await _stage.RunAsync(Kill("SIGINT") with { Container = "engine" })).Error!;

        Assert.Equal("FT0618", error.Code);
        Assert.EndsWith("it has istio-proxy, server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_that_follows_another_faults_hit_or_a_removal_is_not_told_as_this_ones()
    {
        _kill = async (_, socket, _) =>
        {
            await SayAsync(socket, "sent 7 1.00 1.00\ngone 7 1.00 1.01\n");
            if (_asked.Count(script => script.Contains("kill -s", StringComparison.Ordinal)) == 2)
            {
                _stage.End("small-0", exitCode: 1);
            }
        };
        await _stage.RunAsync(Kill("SIGKILL"), Kill("SIGKILL") with { After = TimeSpan.FromSeconds(0.3) });

        Assert.All(_stage.Events("fault.container"), item => Assert.Equal("2.1", item["id"]!.GetValue<string>()));
    }

    private static KillProcessFault Kill(string signal) =>
        new()
        {
            Target = "decode",
            Process = "vllm serve",
            Signal = signal,
            After = TimeSpan.Zero,
        };

    private static string Uptime(DateTimeOffset at) =>
        ((at - DateTimeOffset.UnixEpoch).TotalSeconds + 5000).ToString("0.00", CultureInfo.InvariantCulture);

    // The container's clock is 5000 s ahead of the run's.
    private async Task SetClockAsync(WebSocket socket)
    {
        for (var i = 0; i < 3; i++)
        {
            await SayAsync(socket, "clock?\n");
            await socket.ReceiveAsync(new byte[16], Cancellation);
            await SayAsync(socket, $"clock {Uptime(_stage.Clock.Now)}\n");
        }
    }

    private static Task SayAsync(WebSocket socket, string text) => FakeApi.SendAsync(socket, 1, Encoding.UTF8.GetBytes(text));

    private void AsPid1(string masks = "0,0") => _list = $"P|{masks};1 (vllm) S 0 {Stat} 100 0|vllm serve m\n";

    private void Sidecar(string? annotated) => _stage.Pods.Change("small-0", pod =>
        {
            pod["metadata"]!["annotations"] = annotated is null
                ? null
                : new JsonObject { ["kubectl.kubernetes.io/default-container"] = annotated };
            pod["spec"]!["containers"] = new JsonArray(
                new JsonObject { ["name"] = "istio-proxy", ["image"] = "x" },
                new JsonObject { ["name"] = "server", ["image"] = "x" }
            );
            var status = pod["status"]!["containerStatuses"]![0]!;
            status["name"] = "server";
            pod["status"]!["containerStatuses"]!.AsArray().Add(status.DeepClone());
            pod["status"]!["containerStatuses"]![1]!["name"] = "istio-proxy";
        });

    private Task<bool> ExecAsync(HttpContext http) => FakeApi.SocketAsync(http, "v5.channel.k8s.io", async socket =>
    {
        var script = http.Request.Query["command"][2]!;
        _asked.Add(script);
        await (script.Contains("SigCgt", StringComparison.Ordinal) ? SayAsync(socket, _list) : _kill(http, socket, script));
        await FakeApi.SendAsync(socket, 3, """{"status":"Success"}"""u8);
    });
}
