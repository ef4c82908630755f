using System.Net;
using System.Net.Sockets;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>Engines in a container of their own beside a sidecar that is the worker, and a gateway's picker.</summary>
public sealed class SidecarTests
{
    private const int Kill = 9;
    private const int Terminate = 15;

    public static TheoryData<string[], string[]> Pairs => new()
    {
        {
            ["dynamo-vllm-sidecar", "--grpc-endpoint", "127.0.0.1:50052"],
            ["vllm-rs", "serve", TestGraph.Model, "--grpc-port", "50052"]
        },
        { ["dynamo-openengine-sidecar"], ["python3", "-m", "sglang.launch_server", "--model-path", TestGraph.Model] },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Sidecar_servesWithTheEngineBesideIt_andEndsWithIt(string[] sidecar, string[] engine)
    {
        await using var graph = await TestGraph.StartAsync();
        await graph.FrontendAsync();
        var address = graph.Programs("worker", ("worker", sidecar), ("engine", engine));
        graph.Pod("worker", address, "decode", ready: true);
        await graph.WorkersReadyAsync(1);

        using var answer = await graph.ChatAsync(tokens: 5);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await graph.TryGetAsync("/health", address));

        StandInProcess.Kill(graph["engine"].Id, Kill);
        Assert.Equal(1, await graph["worker"].ExitCodeAsync());
        Assert.Contains(graph["worker"].Lines, line => line.Contains("the connection to the engine is gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sidecar_withoutItsEngine_waits_andEndsWhenItIsToldTo()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Programs("worker", ("worker", ["dynamo-vllm-sidecar"]));
        await graph.LogAsync("worker", "waits for the engine at");

        StandInProcess.Kill(graph["worker"].Id, Terminate);
        Assert.Equal(0, await graph["worker"].ExitCodeAsync());
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("127.0.0.1")]
    public async Task Sidecar_withAnEndpointThatIsNone_saysWhatItNeeds(string endpoint)
    {
        await using var part = StandInProcess.Start(
            "dynamo-vllm-sidecar", new Dictionary<string, string>(StringComparer.Ordinal), "--grpc-endpoint", endpoint);

        Assert.Equal(2, await part.ExitCodeAsync());
        Assert.Contains(part.Lines, line => line.Contains("must be an address and a port", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Picker_listens_untilItIsToldToStop()
    {
        await using var graph = await TestGraph.StartAsync();
        var address = graph.Programs("epp", ("epp", ["epp"]));
        await graph.LogAsync("epp", "picks no endpoints");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, 9002, TestContext.Current.CancellationToken);

        StandInProcess.Kill(graph["epp"].Id, Terminate);
        Assert.Equal(0, await graph["epp"].ExitCodeAsync());
    }
}
