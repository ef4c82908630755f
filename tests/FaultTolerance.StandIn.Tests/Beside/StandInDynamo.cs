using System.Globalization;
using System.Net;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>
/// The stand-in in profile today, with the times of the real mocker: its tokens' pace, and its starts as they were measured.
/// </summary>
internal sealed class StandInDynamo : Subject
{
    // A process of it takes that long before its own waiting begins.
    private static readonly TimeSpan Overhead = TimeSpan.FromMilliseconds(120);
    private readonly TestGraph _graph;
    private readonly Dictionary<int, (string Pod, IPAddress? Address)> _workers = [];

    private StandInDynamo(TestGraph graph)
    {
        _graph = graph;
        graph.Environment["STANDIN_PROFILE"] = "today";
        graph.Environment["DYN_DISCOVERY_BACKEND"] = "file";
        graph.Environment["STANDIN_JITTER"] = "0";
        graph.Environment["STANDIN_PREFILL_MS"] = "35";
        graph.Environment["STANDIN_TOKEN_MS"] = "5.8";
    }

    public override Uri Frontend => new(_graph.FrontendUrl);

    public override string Model => TestGraph.Model;

    public override int FrontendId => _graph["frontend"].Id;

    public static async Task<StandInDynamo> StartAsync() => new(await TestGraph.StartAsync());

    public override int WorkerId(int number) => _graph[_workers[number].Pod].Id;

    public override Task<int> ExitAsync(int id) =>
        (
            id == FrontendId ? _graph["frontend"] : _graph[_workers.Values.Single(worker => _graph[worker.Pod].Id == id).Pod]
        ).ExitCodeAsync();

    public override ValueTask EndAsync() => _graph.DisposeAsync();

    protected override Task BeginFrontendAsync(string[] arguments, TimeSpan takes)
    {
        _graph.Environment["STANDIN_FRONTEND_START_SECONDS"] = Wait(takes);
        return _graph.FrontendAsync(arguments);
    }

    protected override async Task BeginWorkerAsync(int number, string? role, bool elsewhere, TimeSpan takes)
    {
        string[] module = ["dynamo.mocker", "--model-path", Model, .. role is null ? Array.Empty<string>() : ["--disaggregation-mode", role]];
        _graph.Environment["STANDIN_ENGINE_START_SECONDS"] = Wait(takes);
        if (!_workers.TryGetValue(number, out var known))
        {
            known = ($"{role ?? "worker"}-{number}", null);
        }
        else if (elsewhere)
        {
            _graph.Kubernetes.Delete(TestGraph.Pods, known.Pod);
            known = ($"{known.Pod}-again", null);
        }

        if (known.Address is { } address)
        {
            await _graph.RestartAsModuleAsync(known.Pod, address, module);
        }
        else
        {
            _workers[number] = (known.Pod, _graph.Engine(known.Pod, role == "prefill", module));
        }
    }

    private static string Wait(TimeSpan takes) => Math.Max(0, (takes - Overhead).TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
