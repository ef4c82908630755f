using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

/// <summary>A store, the controllers and a kubelet with real processes; image <c>test</c> is an empty folder.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lc-kubelet-").FullName;
    private readonly ILoggerFactory _logs = LoggerFactory.Create(_ => { });
    private ControllerManager? _controllers;

    private TestCluster(IsolationMode? mode, long logFileBytes, TimeSpan backoff, bool podNetworks)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "image"));
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), "CA");
        Options = new KubeletOptions
        {
            DataDirectory = Path.Combine(_folder, "data"),
            Images = new Dictionary<string, string>(StringComparer.Ordinal) { ["test"] = Path.Combine(_folder, "image") },
            ApiServerHost = "127.0.0.1",
            ApiServerPort = System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000, 60_000), // tells a test's processes from another's,
            CaPem = Path.Combine(_folder, "ca.pem"),
            TokenFor = (ns, account, uid) => $"token-{ns}-{account}-{uid}",
            IsolationModes = mode switch
            {
                null => [IsolationMode.Namespaces, IsolationMode.UserNamespace],
                IsolationMode.None => [],
                { } one => [one],
            },
            PodNetworks = podNetworks,
            LogFileBytes = logFileBytes,
            BackoffInitial = backoff,
        };
        Store = new MemoryStore(TimeProvider.System);
        Kubelet = new LocalKubelet(Store, Options, Addresses, TimeProvider.System, _logs);
    }

    public MemoryStore Store { get; }

    public PodAddresses Addresses { get; } = PodAddresses.Claim();

    public LocalKubelet Kubelet { get; }

    public KubeletOptions Options { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TestCluster> StartAsync(IsolationMode? mode = null, long logFileBytes = 1 << 20, double backoffSeconds = 10,
        bool podNetworks = false)
    {
        var cluster = new TestCluster(mode, logFileBytes, TimeSpan.FromSeconds(backoffSeconds), podNetworks);
        await cluster.Kubelet.StartAsync(Token);
        cluster._controllers = new ControllerManager(
            cluster.Store, cluster.Kubelet.Listeners, TimeProvider.System, cluster._logs, cluster.Kubelet.Networks);
        await cluster._controllers.StartAsync(Token);
        return cluster;
    }

    public static ResourceId Id(string name) => new(Resources.Pods, "ns", name);

    public JsonObject CreatePod(string name, string script, Action<JsonObject>? change = null)
    {
        var pod = JsonNode.Parse(
            """
            {"metadata":{"labels":{"app":"test"}},
             "spec":{"restartPolicy":"Always","terminationGracePeriodSeconds":5,
                     "containers":[{"name":"main","image":"test","command":["/bin/sh","-c"]}]}}
            """)!.AsObject();
        pod["spec"]!["containers"]![0]!["args"] = new JsonArray(script);
        change?.Invoke(pod);
        return Store.Create(Id(name), pod);
    }

    /// <summary>Waits on the watch until the object is as wanted; null: it is gone.</summary>
    public async Task<JsonObject?> WaitAsync(ResourceId id, Func<JsonObject?, bool> wanted)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var version = Store.Version;
        var now = Store.Get(id);
        if (wanted(now))
        {
            return now;
        }

        try
        {
            await foreach (var change in Store.WatchAsync(id.Type, id.Namespace, version, timeout.Token))
            {
                now = change.Kind == StoreEventKind.Deleted ? null : change.Object;
                if (change.Object.Name() == id.Name && wanted(now))
                {
                    return now;
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Assert.Fail($"{id} did not become as wanted: {Store.Get(id)?.ToJsonString()}");
        }

        throw new InvalidOperationException("the watch ended");
    }

    public async Task<JsonObject> WaitPodAsync(string name, Func<JsonObject, bool> wanted) =>
        (await WaitAsync(Id(name), p => p is not null && wanted(p)))!;

    public Task<JsonObject> WaitReadyAsync(string name) => WaitPodAsync(name, p => p.IsReady());

    public async Task<string> LogAsync(string pod, LogRequest? request = null)
    {
        var text = new MemoryStream();
        await Kubelet.WriteLogAsync("ns", pod, request ?? new LogRequest(null, false, false, null, null, null, false), text, Token);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>Waits until the pod's log holds a text.</summary>
    public async Task WaitLogAsync(string pod, string text)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var seen = new SearchStream(text);
        try
        {
            await Kubelet.WriteLogAsync("ns", pod, new LogRequest(null, true, false, null, null, null, false), seen, timeout.Token);
        }
        catch (EndOfStreamException)
        {
            return;
        }

        Assert.Fail($"the log ended without '{text}'");
    }

    public async Task<(int Code, string Output, string Error)> ExecAsync(string pod, params string[] command)
    {
        await using var session = await Kubelet.ExecAsync("ns", pod, null, command, stdin: false, tty: false, Token);
        var output = new StreamReader(session.Output).ReadToEndAsync(Token);
        var error = new StreamReader(session.Error).ReadToEndAsync(Token);
        return (await session.WaitAsync(Token), await output, await error);
    }

    public IReadOnlyList<string> EventReasons(string pod) =>
        [.. Store.List(Resources.Events, "ns").Items.Where(e => e.Text("involvedObject", "name") == pod).Select(e => e.Text("reason")!)];

    public async ValueTask DisposeAsync()
    {
        await _controllers!.DisposeAsync();
        await Kubelet.DisposeAsync();
        Addresses.Dispose();
        Directory.Delete(_folder, recursive: true);
        _logs.Dispose();
    }

    private sealed class SearchStream(string wanted) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return Encoding.UTF8.GetString(ToArray()).Contains(wanted, StringComparison.Ordinal)
                ? throw new EndOfStreamException()
                : default;
        }
    }
}
