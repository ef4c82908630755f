using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Faults;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.Processes;

/// <summary>A kill in a container without a shell, against an API that answers as Kubernetes 1.25 and newer do.</summary>
public sealed class EphemeralShellTests : IAsyncLifetime
{
    private const string NoShell = """OCI runtime exec failed: exec: "/bin/sh": stat /bin/sh: no such file or directory""";
    private readonly ConcurrentQueue<JsonNode> _patches = new();
    private readonly Channel<JsonObject> _changes = Channel.CreateUnbounded<JsonObject>();
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;
    private FakeApi _api = null!;
    private string _resources =
        """{"kind":"APIResourceList","resources":[{"name":"pods","kind":"Pod"},{"name":"pods/ephemeralcontainers","kind":"Pod"}]}""";
    private JsonObject _state = new() { ["running"] = new JsonObject { ["startedAt"] = "2026-01-01T00:00:00Z" } };
    private bool _forbidden;
    private JsonObject? _security;
    private bool _killed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApi.StartAsync();
        _api.Handle = AnswerAsync;
    }

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Kill_in_a_container_without_a_shell_goes_through_an_ephemeral_container_beside_it()
    {
        var outcome = await InjectAsync();

        Assert.Null(outcome.Error);
        Assert.Contains("process gone (PID 7", outcome.Proof!.Text, StringComparison.Ordinal);
        Assert.Contains("ephemeral container faultmatrix-1", outcome.Proof.Text, StringComparison.Ordinal);
        var container = Assert.Single(_patches)["spec"]!["ephemeralContainers"]![0]!;
        Assert.Equal("main", container["targetContainerName"]!.GetValue<string>());
        Assert.Equal("tools/shell:1", container["image"]!.GetValue<string>());
        Assert.Null(container["securityContext"]);
        Assert.Contains(_api.Requests, r =>
            r.Contains("/exec?container=faultmatrix-1&", StringComparison.Ordinal) && r.Contains("command=KILL", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Ephemeral_container_runs_as_the_user_whose_processes_it_is_to_signal()
    {
        _security = new JsonObject { ["runAsUser"] = 65532, ["runAsGroup"] = 7 };

        Assert.Null((await InjectAsync()).Error);

        var security = Assert.Single(_patches)["spec"]!["ephemeralContainers"]![0]!["securityContext"]!;
        Assert.Equal(65532, security["runAsUser"]!.GetValue<int>());
        Assert.Equal(7, security["runAsGroup"]!.GetValue<int>());
        Assert.True(security["runAsNonRoot"]!.GetValue<bool>());
        Assert.Equal("ALL", security["capabilities"]!["drop"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"kind":"APIResourceList","resources":[{"name":"pods","kind":"Pod"}]}""")]
    [InlineData("""{"kind":"APIResourceList","resources":[{"name":"pods/ephemeralcontainers","kind":"EphemeralContainers"}]}""")]
    public async Task Cluster_without_ephemeral_containers_refuses_and_says_what_to_do(string resources)
    {
        _resources = resources;

        var error = (await InjectAsync()).Error!;

        Assert.Equal("FT0608", error.Code);
        Assert.Contains("v1.99.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("use pod deletion", error.Message, StringComparison.Ordinal);
        Assert.Empty(_patches);
    }

    [Fact]
    public async Task Missing_right_is_named()
    {
        _forbidden = true;

        var error = (await InjectAsync()).Error!;

        Assert.Equal("FT0608", error.Code);
        Assert.Contains("patch pods/ephemeralcontainers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_that_cannot_be_pulled_is_told()
    {
        _state = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ErrImagePull", ["message"] = "no route to registry" } };

        var error = (await InjectAsync()).Error!;

        Assert.Equal("FT0608", error.Code);
        Assert.Contains("no route to registry", error.Message, StringComparison.Ordinal);
    }

    private async Task<FaultOutcome> InjectAsync()
    {
        using var session = await _api.ConnectAsync(retries: 0);
        var service = new GraphService("decode", "decode", 1);
        var graph = new Graph("small", new PlainGraphKind(), [service], []);
        var clock = RunClock.Start(TimeProvider.System);
        using var log = new TestLog(Path.Combine(_folder, "test.log.txt"), clock);
        using var timeline = new TimelineWriter(Path.Combine(_folder, "timeline.jsonl"), clock);
        await using var watch = await GraphWatch.StartAsync(session, graph, null, Cancellation);
        var failure = new Failure(
            "kill",
            [
                new KillProcessFault
                {
                    Target = "decode",
                    Process = "vllm serve",
                    Signal = "SIGKILL",
                    After = TimeSpan.Zero,
                },
            ]
        );
        return Assert.Single(
            await new FaultInjector(
                new FaultScene(session, watch, log, timeline, new FaultOptions { ShellImage = "tools/shell:1" }),
                FaultKinds.Standard
            ).RunAsync(failure, clock.Now, Cancellation)
        );
    }

    private Task<bool> AnswerAsync(HttpContext http) =>
        (http.Request.Method, http.Request.Path.Value) switch
        {
            ("GET", "/api/v1") => FakeApi.JsonAsync(http, _resources),
            ("GET", "/api/v1/namespaces/ft/pods") when http.Request.Query.ContainsKey("watch") => WatchAsync(http),
            ("GET", "/api/v1/namespaces/ft/pods") => FakeApi.JsonAsync(
                http,
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = "1" },
                    ["items"] = new JsonArray(Pod("1")),
                }.ToJsonString()
            ),
            ("PATCH", "/api/v1/namespaces/ft/pods/small-0/ephemeralcontainers") => PatchAsync(http),
            ("GET", "/api/v1/namespaces/ft/pods/small-0/exec") => ExecAsync(http),
            _ => Task.FromResult(false),
        };

    private async Task<bool> WatchAsync(HttpContext http)
    {
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await foreach (var pod in _changes.Reader.ReadAllAsync(http.RequestAborted))
        {
            await http.Response.WriteAsync(
                new JsonObject { ["type"] = "MODIFIED", ["object"] = pod }.ToJsonString() + "\n",
                http.RequestAborted
            );
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        return true;
    }

    private async Task<bool> PatchAsync(HttpContext http)
    {
        if (_forbidden)
        {
            return await FakeApi.StatusAsync(http, 403, "Forbidden", "User x cannot patch resource pods/ephemeralcontainers");
        }

        Assert.StartsWith("application/strategic-merge-patch+json", http.Request.ContentType, StringComparison.Ordinal);
        _patches.Enqueue((await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!);
        var pod = Pod("2");
        pod["status"]!["ephemeralContainerStatuses"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "faultmatrix-1",
                ["image"] = "x",
                ["imageID"] = "x",
                ["ready"] = false,
                ["restartCount"] = 0,
                ["state"] = _state,
            }
        );
        _changes.Writer.TryWrite(pod);
        return await FakeApi.JsonAsync(http, Pod("2").ToJsonString());
    }

    private Task<bool> ExecAsync(HttpContext http) => FakeApi.SocketAsync(http, "v5.channel.k8s.io", async socket =>
    {
        if (http.Request.Query["container"] == "main")
        {
            await FakeApi.SendAsync(socket, 3, Encoding.UTF8.GetBytes($$"""{"status":"Failure","message":{{JsonValue.Create(NoShell).ToJsonString()}} }"""));
            return;
        }

            _killed |= http.Request.Query["command"].Contains("KILL");
            var stat = string.Join(' ', Enumerable.Range(5, 17));
            await FakeApi.SendAsync(
                socket,
                1,
                Encoding.UTF8.GetBytes(
                    _killed
                        ? "sent 7\ngone 7\n"
                        : $"P|0;1 (tini) S 0 {stat} 100 0|/tini -- vllm\nP|0;7 (vllm) S 1 {stat} 200 0|vllm serve m\nP|0;9 (sh) S 0 {stat} 300 0|/bin/sh -c vllm serve? {ProcessScript.Marker}\n"
                )
            );
            await FakeApi.SendAsync(socket, 3, """{"status":"Success"}"""u8);
        });

    private JsonObject Pod(string version) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = "small-0",
            ["uid"] = "u-1",
            ["resourceVersion"] = version,
            ["creationTimestamp"] = "2026-01-01T00:00:00Z",
            ["labels"] = new JsonObject { [GraphLabels.Graph] = "small", [GraphLabels.Service] = "decode" },
        },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "x", ["securityContext"] = _security?.DeepClone() }) },
        ["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
            ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "x", ["imageID"] = "x", ["ready"] = true, ["restartCount"] = 0 }),
        },
    };
}
