using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>The command line of <c>python3 -m dynamo.vllm</c>, as far as it means something here.</summary>
internal sealed record WorkerOptions(string Model, WorkerRole Role, int TensorParallelSize, IReadOnlyList<string> Ignored)
{
    /// <summary>Parses; throws <see cref="UsageException"/> without a model.</summary>
    public static WorkerOptions Parse(IReadOnlyList<string> arguments)
    {
        const string program = "dynamo.vllm";
        var options = CommandOptions.Parse(
            program,
            arguments,
            ["--is-prefill-worker", "--is-decode-worker"],
            ["--model", "--served-model-name", "--tensor-parallel-size", "-tp", "--disaggregation-mode"]);
        var model = options.Text("--served-model-name") ?? options.Text("--model") ?? throw new UsageException($"{program}: --model is missing");
        if (model.Length == 0 || model.Any(char.IsWhiteSpace))
        {
            throw new UsageException($"{program}: --model is '{model}', but must be a name without blanks");
        }

        var mode = options.Text("--disaggregation-mode") ?? "";
        if (mode is not ("" or "agg" or "decode" or "prefill" or "prefill_and_decode"))
        {
            throw new UsageException($"{program}: --disaggregation-mode is '{mode}', but must be agg, decode or prefill");
        }

        var role = options.Has("--is-prefill-worker") || mode == "prefill" ? WorkerRole.Prefill : WorkerRole.Decode;
        var size = options.Number(options.Has("-tp") ? "-tp" : "--tensor-parallel-size", 1, 1, Invocation.MostTensorParallel);
        return new(model, role, size, options.Ignored);
    }
}
