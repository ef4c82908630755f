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
    private readonly Dictionary<int, IPAddress> _workers = [];

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

    public override int WorkerId(int number) => _graph[$"decode-{number}"].Id;

    public override Task<int> ExitAsync(int id) =>
        (
            id == FrontendId ? _graph["frontend"] : _graph[$"decode-{_workers.Keys.Single(number => WorkerId(number) == id)}"]
        ).ExitCodeAsync();

    public override ValueTask EndAsync() => _graph.DisposeAsync();

    protected override Task BeginFrontendAsync(string[] arguments, TimeSpan takes)
    {
        _graph.Environment["STANDIN_FRONTEND_START_SECONDS"] = Wait(takes);
        return _graph.FrontendAsync(arguments);
    }

    protected override async Task BeginWorkerAsync(int number, TimeSpan takes)
    {
        string[] module = ["dynamo.mocker", "--model-path", Model];
        _graph.Environment["STANDIN_ENGINE_START_SECONDS"] = Wait(takes);
        if (_workers.TryGetValue(number, out var address))
        {
            await _graph.RestartAsModuleAsync($"decode-{number}", address, module);
        }
        else
        {
            _workers[number] = _graph.Engine($"decode-{number}", module[0], module[1..]);
        }
    }

    private static string Wait(TimeSpan takes) => Math.Max(0, (takes - Overhead).TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
