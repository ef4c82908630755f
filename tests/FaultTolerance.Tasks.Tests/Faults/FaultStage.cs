using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Faults;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults;

/// <summary>A graph of decode workers in an API whose pods a test moves, and a run's folder to inject faults into.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    private static readonly Graph Small = new("small", new PlainGraphKind(), [new GraphService("decode", "decode", 1)], []);
    private const string PodsPath = "/api/v1/namespaces/ft/pods";
    private const string EndpointsPath = "/api/v1/namespaces/ft/endpoints";
    private readonly TestLog _log;
    private int _age;

    private FaultStage(FakeApi api, TimeProvider time)
    {
        (Api, Time) = (api, time);
        Clock = RunClock.Start(time);
        _log = new TestLog(Path.Combine(Folder, "test.log.txt"), Clock);
        Timeline = new TimelineWriter(Path.Combine(Folder, "timeline.jsonl"), Clock);
    }

    public FakeApi Api { get; }

    public TimeProvider Time { get; }

    public RunClock Clock { get; }

    public TimelineWriter Timeline { get; }

    public FakeCollection Pods { get; } = new();

    public FakeCollection Endpoints { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public Graph Graph { get; set; } = Small;

    public FaultOptions Options { get; set; } = new();

    /// <summary>Everything that is neither pod nor endpoint.</summary>
    public FakeObjects Objects { get; } = new();

    /// <summary>Answers what the stage does not; asked first.</summary>
    public Func<HttpContext, Task<bool>> Handle { get; set; } = _ => Task.FromResult(false);

    /// <summary>What a deletion does besides its answer; as a rule <see cref="Replace"/>.</summary>
    public Action<string> OnDelete { get; set; } = static _ => { };

    /// <summary>From when the first fault's time counts.</summary>
    public DateTimeOffset Started { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FaultStage> StartAsync(int pods, TimeProvider? time = null, Graph? graph = null)
    {
        var api = await FakeApi.StartAsync();
        var stage = new FaultStage(api, time ?? TimeProvider.System) { Graph = graph ?? Small };
        stage.OnDelete = stage.Replace;
        api.Handle = async http => await stage.Handle(http) || await stage.AnswerAsync(http);
        for (var i = 0; i < pods; i++)
        {
            stage.Add($"small-{i}");
        }

        return stage;
    }

    public void Add(string name, string service = "decode") => Pods.Put(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["uid"] = $"uid-{name}",
            ["creationTimestamp"] = new DateTime(2026, 1, 1, 0, 0, Interlocked.Increment(ref _age), DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["labels"] = new JsonObject { [GraphLabels.Graph] = "small", [GraphLabels.Service] = service },
        },
        ["spec"] = new JsonObject { ["nodeName"] = "node-1", ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "x" }) },
        ["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "main", ["image"] = "x", ["imageID"] = "x", ["ready"] = true, ["restartCount"] = 0, ["containerID"] = "c-0",
                ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = "2026-01-01T00:00:01Z" } },
            }),
        },
    });

    /// <summary>The kubelet tells that a pod's container ended.</summary>
    public void End(string name, int exitCode = 137, string reason = "Error", bool terminating = false) => Pods.Change(name, pod =>
    {
        if (terminating)
        {
            pod["metadata"]!["deletionTimestamp"] = "2026-01-01T01:00:00Z";
        }

            var status = pod["status"]!["containerStatuses"]![0]!;
            status["ready"] = false;
            status["state"] = new JsonObject
            {
                ["terminated"] = new JsonObject
                {
                    ["exitCode"] = exitCode,
                    ["reason"] = reason,
                    ["finishedAt"] = "2026-01-01T00:59:00Z",
                },
            };
        });

    /// <summary>A pod ends, goes, and another comes.</summary>
    public void Replace(string name)
    {
        End(name, terminating: true);
        Pods.Remove(name);
        Add($"{name}-next");
    }

    /// <summary>Runs faults; the first one's time counts from now.</summary>
    public Task<IReadOnlyList<FaultOutcome>> RunAsync(params Fault[] faults) =>
        RunAsync(FaultKinds.Standard, new Failure("broken", [.. faults]));

    public async Task<IReadOnlyList<FaultOutcome>> RunAsync(FaultKinds kinds, Failure failure, CancellationToken? cancellation = null)
    {
        using var session = await Api.ConnectAsync(Time, retries: 0);
        await using var watch = await GraphWatch.StartAsync(session, Graph, Timeline, Cancellation);
        Started = Clock.Now;
        return await new FaultInjector(new FaultScene(session, watch, _log, Timeline, Options), kinds).RunAsync(
            failure,
            Started,
            cancellation ?? Cancellation
        );
    }

    /// <summary>The timeline's events of that name, in order.</summary>
    public IReadOnlyList<JsonObject> Events(string name) =>
        [
            .. File.ReadAllLines(Path.Combine(Folder, "timeline.jsonl"))
                .Select(line => JsonNode.Parse(line)!.AsObject())
                .Where(item => item["event"]!.GetValue<string>() == name),
        ];

    /// <summary>When something happened, in seconds after <see cref="Started"/>.</summary>
    public double Seconds(JsonObject item) =>
        (DateTimeOffset.Parse(item["at"]!.GetValue<string>(), CultureInfo.InvariantCulture) - Started).TotalSeconds;

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _log.Dispose();
        Timeline.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var watch = http.Request.Query.ContainsKey("watch");
        if (path is PodsPath or EndpointsPath)
        {
            var collection = path == PodsPath ? Pods : Endpoints;
            return await (watch ? collection.WatchAsync(http) : collection.ListAsync(http));
        }

        var name = path.StartsWith($"{PodsPath}/", StringComparison.Ordinal) ? path[(PodsPath.Length + 1)..] : "";
        if (name.EndsWith("/eviction", StringComparison.Ordinal))
        {
            OnDelete(name[..^"/eviction".Length]);
            return await FakeApi.JsonAsync(http, "{}", 201);
        }

        if (name.Length == 0)
        {
            return await Objects.AnswerAsync(http);
        }

        if (Pods.Find(name) is not { } pod)
        {
            return false;
        }

        switch (http.Request.Method)
        {
            case "DELETE":
                OnDelete(name);
                break;
            case "PATCH":
                var patch = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
                Pods.Change(name, item => Merge(item, patch));
                pod = Pods.Find(name)!;
                break;
        }

        return await FakeApi.JsonAsync(http, pod.ToJsonString());
    }

    private static void Merge(JsonObject pod, JsonNode patch)
    {
        foreach (var (key, value) in patch["metadata"]?["labels"]?.AsObject() ?? [])
        {
            pod["metadata"]!["labels"]!.AsObject().Remove(key);
            if (value is not null)
            {
                pod["metadata"]!["labels"]![key] = value.DeepClone();
            }
        }
    }
}
