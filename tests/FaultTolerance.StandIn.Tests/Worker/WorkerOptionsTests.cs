using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Worker;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Tests.Worker;

public sealed class WorkerOptionsTests
{
    /// <summary>The workers' lines of upstream's examples, with the model M.</summary>
    [Theory]
    [InlineData("dynamo.vllm", "--model M", "Decode", 1, null)]
    [InlineData(
        "dynamo.vllm",
        "--model P --served-model-name M --disaggregation-mode prefill --kv-transfer-config {\"kv_connector\":\"NixlConnector\"} -tp 4",
        "Prefill",
        4,
        null
    )]
    [InlineData("dynamo.vllm", "--model M --is-prefill-worker --max-model-len 1024", "Prefill", 1, 1024)]
    [InlineData(
        "dynamo.sglang",
        "--model-path M --served-model-name M --page-size 16 --tp 1 --skip-tokenizer-init --disaggregation-mode decode --disaggregation-transfer-backend nixl --disaggregation-bootstrap-port 12345 --host 0.0.0.0 --tensor-parallel-size 2",
        "Decode",
        2,
        null
    )]
    [InlineData("dynamo.sglang", "--model-path M --tensor-parallel-size 2 --tp 1 --context-length 1024", "Decode", 1, 1024)]
    [InlineData(
        "dynamo.trtllm",
        "--model-path M --served-model-name M --extra-engine-args F --disaggregation-mode prefill --max-seq-len=1024",
        "Prefill",
        1,
        1024
    )]
    [InlineData(
        "dynamo.mocker",
        "--model-path P --model-name M --speedup-ratio 2.0 --planner-profile-data D --max-model-len 10",
        "Decode",
        1,
        null
    )]
    public void Parse_upstreamsExamples_givesWhatMatters(string module, string line, string role, int ranks, int? length)
    {
        var options = WorkerOptions.Parse(EngineKind.All.Single(kind => kind.Module == module), line.Split(' '));

        Assert.Equal(
            ("M", role, ranks, length),
            (options.Model, options.Role.ToString(), options.TensorParallelSize, options.ContextLength)
        );
    }

    [Theory]
    [InlineData("dynamo.vllm", "", "dynamo.vllm: --model is missing")]
    [InlineData("dynamo.sglang", "", "dynamo.sglang: --model-path is missing")]
    [InlineData("dynamo.mocker", "--model-path M --speedup-ratio fast", "--speedup-ratio is 'fast'")]
    [InlineData("dynamo.trtllm", "--model-path M --disaggregation-mode both", "--disaggregation-mode is 'both'")]
    public void Parse_whatCannotBe_saysWhatIsWrong(string module, string line, string expected)
    {
        var kind = EngineKind.All.Single(one => one.Module == module);

        var mistake = Assert.Throws<UsageException>(() =>
            WorkerOptions.Parse(kind, line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );

        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }
}
