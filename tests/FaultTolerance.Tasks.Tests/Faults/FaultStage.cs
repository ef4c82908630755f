using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
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
    private readonly ConcurrentDictionary<string, JsonObject> _pods = new(StringComparer.Ordinal);
    private readonly Channel<(string Type, JsonObject Pod)> _changes = Channel.CreateUnbounded<(string, JsonObject)>();
    private readonly Channel<(string Type, JsonObject Pod)> _endpoints = Channel.CreateUnbounded<(string, JsonObject)>();
    private readonly TestLog _log;
    private int _version = 1;

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

    public string Folder { get; } = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public Graph Graph { get; init; } = new("small", new PlainGraphKind(), [new GraphService("decode", "decode", 1)], []);

    public FaultOptions Options { get; set; } = new();

    /// <summary>Answers what the stage does not; asked first.</summary>
    public Func<HttpContext, Task<bool>> Handle { get; set; } = _ => Task.FromResult(false);

    /// <summary>What a deletion does besides its answer; as a rule the pod goes and another comes.</summary>
    public Action<string>? OnDelete { get; set; }

    public GraphWatch? Watch { get; private set; }

    /// <summary>From when the first fault's time counts.</summary>
    public DateTimeOffset Started { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FaultStage> StartAsync(int pods, TimeProvider? time = null)
    {
        var api = await FakeApi.StartAsync();
        var stage = new FaultStage(api, time ?? TimeProvider.System);
        api.Handle = async http => await stage.Handle(http) || await stage.AnswerAsync(http);
        for (var i = 0; i < pods; i++)
        {
            stage._pods[$"small-{i}"] = Pod($"small-{i}", i);
        }

        return stage;
    }

    public static JsonObject Pod(string name, int age) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["uid"] = $"uid-{name}",
            ["resourceVersion"] = "1",
            ["creationTimestamp"] = new DateTime(2026, 1, 1, 0, 0, age, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["labels"] = new JsonObject { [GraphLabels.Graph] = "small", [GraphLabels.Service] = "decode" },
        },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "x" }) },
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
    };

    /// <summary>Changes a pod and tells the watch.</summary>
    public void Change(string name, Action<JsonObject> change)
    {
        var pod = _pods[name].DeepClone().AsObject();
        change(pod);
        Tell("MODIFIED", name, pod);
    }

    public void Add(string name) => Tell("ADDED", name, Pod(name, _version));

    public void Remove(string name)
    {
        if (_pods.TryRemove(name, out var pod))
        {
            _changes.Writer.TryWrite(("DELETED", Versioned(pod)));
        }
    }

    /// <summary>Runs faults; the first one's time counts from now.</summary>
    public Task<IReadOnlyList<FaultOutcome>> RunAsync(params Fault[] faults) => RunAsync(FaultKinds.Standard, new Failure("broken", [.. faults]));

    public async Task<IReadOnlyList<FaultOutcome>> RunAsync(FaultKinds kinds, Failure failure, CancellationToken? cancellation = null)
    {
        using var session = await Api.ConnectAsync(Time, retries: 0);
        await using var watch = await GraphWatch.StartAsync(session, Graph, Timeline, Cancellation);
        Watch = watch;
        Started = Clock.Now;
        return await new FaultInjector(new FaultScene(session, watch, _log, Timeline, Options), kinds).RunAsync(failure, Started, cancellation ?? Cancellation);
    }

    /// <summary>The timeline's events of that name, in order.</summary>
    public IReadOnlyList<JsonObject> Events(string name) =>
        [.. File.ReadAllLines(Path.Combine(Folder, "timeline.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).Where(item => item["event"]!.GetValue<string>() == name)];

    /// <summary>When something happened, in seconds after <see cref="Started"/>.</summary>
    public double Seconds(JsonObject item) =>
        (DateTimeOffset.Parse(item["at"]!.GetValue<string>(), CultureInfo.InvariantCulture) - Started).TotalSeconds;

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        _endpoints.Writer.TryComplete();
        await Api.DisposeAsync();
        _log.Dispose();
        Timeline.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private JsonObject Versioned(JsonObject pod)
    {
        var copy = pod.DeepClone().AsObject();
        copy["metadata"]!["resourceVersion"] = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
        return copy;
    }

    private void Tell(string type, string name, JsonObject pod)
    {
        _pods[name] = Versioned(pod);
        _changes.Writer.TryWrite((type, _pods[name].DeepClone().AsObject()));
    }

    private Task<bool> AnswerAsync(HttpContext http)
    {
        const string Pods = "/api/v1/namespaces/ft/pods";
        const string Endpoints = "/api/v1/namespaces/ft/endpoints";
        var path = http.Request.Path.Value!;
        var name = path.StartsWith($"{Pods}/", StringComparison.Ordinal) ? path[(Pods.Length + 1)..] : "";
        return (http.Request.Method, path) switch
        {
            ("GET", Pods) when http.Request.Query.ContainsKey("watch") => WatchAsync(http, _changes.Reader),
            ("GET", Endpoints) when http.Request.Query.ContainsKey("watch") => WatchAsync(http, _endpoints.Reader),
            ("GET", Endpoints) => FakeApi.JsonAsync(http, """{"metadata":{"resourceVersion":"1"},"items":[]}"""),
            ("GET", Pods) => FakeApi.JsonAsync(http, new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" },
                ["items"] = new JsonArray([.. _pods.Values.Select(pod => pod.DeepClone())]),
            }.ToJsonString()),
            ("GET", _) when _pods.TryGetValue(name, out var pod) => FakeApi.JsonAsync(http, pod.ToJsonString()),
            ("DELETE", _) when _pods.TryGetValue(name, out var pod) => DeleteAsync(http, name, pod),
            ("PATCH", _) when _pods.ContainsKey(name) => PatchAsync(http, name),
            _ => Task.FromResult(false),
        };
    }

    private async Task<bool> DeleteAsync(HttpContext http, string name, JsonObject pod)
    {
        if (OnDelete is { } own)
        {
            own(name);
        }
        else
        {
            Remove(name);
            Add($"{name}-next");
        }

        return await FakeApi.JsonAsync(http, pod.ToJsonString());
    }

    private async Task<bool> PatchAsync(HttpContext http, string name)
    {
        var patch = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        Change(name, pod =>
        {
            foreach (var (key, value) in patch["metadata"]?["labels"]?.AsObject() ?? [])
            {
                pod["metadata"]!["labels"]!.AsObject().Remove(key);
                if (value is not null)
                {
                    pod["metadata"]!["labels"]![key] = value.DeepClone();
                }
            }
        });
        return await FakeApi.JsonAsync(http, _pods[name].ToJsonString());
    }

    private static async Task<bool> WatchAsync(HttpContext http, ChannelReader<(string Type, JsonObject Pod)> changes)
    {
        await http.Response.Body.FlushAsync(http.RequestAborted);
        try
        {
            await foreach (var (type, pod) in changes.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = pod }.ToJsonString() + "\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The watch was given up.
        }

        return true;
    }
}
