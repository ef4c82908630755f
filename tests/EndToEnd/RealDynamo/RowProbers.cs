using System.Text.Json.Nodes;

namespace EndToEnd.RealDynamo;

/// <summary>
/// A prober for each frontend of the rows that run in a namespace, from the frontend's first address to its end. The cluster's own API
/// tells which there are. A row whose frontend is what the fault hits is asked at its Service, as clients who wait for its readiness do;
/// all others straight at the frontend's pod.
/// </summary>
internal sealed class RowProbers : IAsyncDisposable
{
    private const string OfFrontends = "nvidia.com/dynamo-component-type=frontend";
    private const string Graph = "nvidia.com/dynamo-graph-deployment-name";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, (string Scenario, Prober Prober)> _probers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Probe>> _probes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _scenarios = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterApi _api;
    private readonly string _model;
    private readonly Task _running;

    /// <summary>Begins to look.</summary>
    public RowProbers(string kubeconfig, string @namespace, string model)
    {
        _api = new ClusterApi(kubeconfig);
        _model = model;
        _running = RunAsync($"/api/v1/namespaces/{@namespace}/");
    }

    /// <summary>Whether a row is asked while it runs.</summary>
    public required Func<string, bool> Asks { get; init; }

    /// <summary>Ends all, and returns the probes by row.</summary>
    public async Task<IReadOnlyDictionary<string, List<Probe>>> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        foreach (var id in _probers.Keys.ToArray())
        {
            await EndAsync(id);
        }

        return _probes;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _api.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(string path)
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await LookAsync(path);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private async Task LookAsync(string path)
    {
        var pods = await _api.ListAsync($"{path}pods", OfFrontends, _stop.Token);
        foreach (var pod in pods.Where(pod => Label(pod, "faultmatrix.dev/scenario").Length > 0))
        {
            // A Service has its graph's name, and not the row's.
            _scenarios[Label(pod, Graph)] = Label(pod, "faultmatrix.dev/scenario");
        }

        var services = await _api.ListAsync($"{path}services", OfFrontends, _stop.Token);
        var there = pods.Where(pod => !HitsFrontend(Scenario(pod))).Concat(services.Where(item => HitsFrontend(Scenario(item))))
            .Where(item => Scenario(item).Length > 0 && Asks(Scenario(item)) && Address(item) is not null)
            .ToDictionary(item => item["metadata"]!["uid"]!.GetValue<string>(), StringComparer.Ordinal);
        foreach (var id in _probers.Keys.Where(id => !there.ContainsKey(id)).ToArray())
        {
            await EndAsync(id);
        }

        foreach (var (id, item) in there.Where(pair => !_probers.ContainsKey(pair.Key)))
        {
            _probers[id] = (Scenario(item), new Prober(new Uri($"http://{Address(item)}:8000"), _model));
        }
    }

    private async Task EndAsync(string id)
    {
        var (scenario, prober) = _probers[id];
        _probers.Remove(id);
        await using (prober)
        {
            if (!_probes.TryGetValue(scenario, out var probes))
            {
                _probes[scenario] = probes = [];
            }

            probes.AddRange(await prober.StopAsync());
        }
    }

    private static bool HitsFrontend(string scenario) => scenario.Contains("-frontend", StringComparison.Ordinal);

    private string Scenario(JsonObject item) => _scenarios.GetValueOrDefault(Label(item, Graph), "");

    private static string Label(JsonObject item, string name) => item["metadata"]!["labels"]?[name]?.GetValue<string>() ?? "";

    private static string? Address(JsonObject item) =>
        (item["status"]?["podIP"] ?? item["spec"]?["clusterIP"])?.GetValue<string>() is { Length: > 0 } address ? address : null;
}
