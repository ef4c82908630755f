using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Tests.Hosting;

public sealed class InvocationTests
{
    [Theory]
    [InlineData("python3", "-m dynamo.frontend --http-port 8000", "Frontend", 2)]
    [InlineData("python3", "-m dynamo.vllm --model M", "Worker", 2)]
    [InlineData("VLLM::EngineCore", "--tensor-parallel-size 2", "EngineCore", 2)]
    [InlineData("VLLM::EngineCore_DP1", "", "EngineCore", 0)]
    [InlineData("VLLM::Worker_TP1", "", "EnginePart", 0)]
    [InlineData("VLLM::Worker", "", "EnginePart", 0)]
    [InlineData("python3", "-m dynamo.sglang --model-path M", "Worker", 2)]
    [InlineData("python3", "-m dynamo.trtllm --model-path M", "Worker", 2)]
    [InlineData("python3", "-m dynamo.mocker --model-path M", "Worker", 2)]
    [InlineData("python3", "-m dynamo.planner --config {}", "Planner", 2)]
    [InlineData("sglang::scheduler", "", "EngineCore", 0)]
    [InlineData("sglang::scheduler_TP1", "--idle", "EnginePart", 1)]
    [InlineData("sglang::detokenizer", "--idle", "EnginePart", 1)]
    [InlineData("mpi4py.futures.server", "", "EngineCore", 0)]
    [InlineData("TRTLLM:EngineCore", "--idle", "EnginePart", 1)]
    [InlineData("dynamo-vllm-sidecar", "--grpc-endpoint 127.0.0.1:50051", "Worker", 2)]
    [InlineData("dynamo-openengine-sidecar", "", "Worker", 0)]
    [InlineData("vllm-rs", "serve M --grpc-port 50051", "EngineServer", 4)]
    [InlineData("python3", "-m sglang.launch_server --model-path M", "EngineServer", 2)]
    [InlineData("epp", "", "Picker", 0)]
    [InlineData("stand-in", "operator --all-namespaces", "Operator", 1)]
    [InlineData("stand-in", "model /models/tiny", "Model", 1)]
    [InlineData("stand-in", "platform 2379", "Platform", 1)]
    public void Parse_knownName_givesRoleAndRest(string calledAs, string arguments, string role, int rest)
    {
        var invocation = Invocation.Parse(calledAs, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(role, invocation.Role.ToString());
        Assert.Equal(rest, invocation.Arguments.Length);
    }

    [Theory]
    [InlineData(
        "-m dynamo.lama",
        "no module dynamo.lama; this stand-in has dynamo.frontend, dynamo.mocker, dynamo.planner, dynamo.sglang, dynamo.trtllm, dynamo.vllm and sglang.launch_server"
    )]
    [InlineData("-c print(1)", "stand-in operator")]
    [InlineData("", "stand-in operator")]
    public void Parse_anythingElse_saysWhatThereIs(string arguments, string expected)
    {
        var mistake = Assert.Throws<UsageException>(() =>
            Invocation.Parse("python3", arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );

        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }
}
