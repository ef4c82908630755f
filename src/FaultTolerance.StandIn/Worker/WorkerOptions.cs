using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>The command line of <c>python3 -m dynamo.vllm</c>, as far as it means something here.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Role">Decode or prefill.</param>
/// <param name="TensorParallelSize">Number of ranks.</param>
/// <param name="ContextLength">Most tokens of prompt and output together; null where it was not given.</param>
/// <param name="Ignored">Options without a meaning here.</param>
internal sealed record WorkerOptions(string Model, WorkerRole Role, int TensorParallelSize, int? ContextLength, IReadOnlyList<string> Ignored)
{
    /// <summary>Parses; throws <see cref="UsageException"/> without a model.</summary>
    public static WorkerOptions Parse(IReadOnlyList<string> arguments)
    {
        const string program = "dynamo.vllm";
        var options = CommandOptions.Parse(
            program,
            arguments,
            ["--is-prefill-worker", "--is-decode-worker"],
            ["--model", "--served-model-name", "--tensor-parallel-size", "-tp", "--disaggregation-mode", "--max-model-len"]);
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
        var length = options.Number("--max-model-len", 0, 0, int.MaxValue);
        return new(model, role, size, length > 0 ? length : null, options.Ignored);
    }
}
