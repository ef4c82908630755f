using System.Globalization;
using System.Net;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Worker;

/// <summary>The command line of a worker, <c>python3 -m dynamo.vllm</c> say, as far as it means something here.</summary>
/// <param name="Engine">Which engine it is.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Role">Decode or prefill.</param>
/// <param name="Ignored">Options without a meaning here.</param>
internal sealed record WorkerOptions(EngineKind Engine, string Model, WorkerRole Role, IReadOnlyList<string> Ignored)
{
    /// <summary>The model of a sidecar's command line that names none.</summary>
    public const string NotTold = "-";

    private const double MostSpeedup = 1e6;
    private static readonly string[] TensorParallel = ["--tensor-parallel-size", "-tp", "--tp", "--tp-size"];
    private static readonly string[] DataParallel = ["--data-parallel-size", "-dp", "--dp", "--dp-size"];

    /// <summary>Number of ranks of an engine.</summary>
    public int TensorParallelSize { get; private init; } = 1;

    /// <summary>Number of engines.</summary>
    public int DataParallelSize { get; private init; } = 1;

    /// <summary>Most tokens of prompt and output together; null where it was not given, or is not held.</summary>
    public int? ContextLength { get; private init; }

    /// <summary>By how much the mocker's simulated times are shorter.</summary>
    public double Speedup { get; private init; } = 1;

    /// <summary>How many workers the mocker says that it runs.</summary>
    public int Workers { get; private init; } = 1;

    /// <summary>Whether it only decodes: prefill is another worker's.</summary>
    public bool NeedsPrefill { get; private init; }

    /// <summary>Whether the process is a further node of an engine: it has ranks, and takes no requests.</summary>
    public bool Headless { get; private init; }

    /// <summary>Where a sidecar's engine listens; null for other workers.</summary>
    public IPEndPoint? EngineAddress { get; private init; }

    /// <summary>
    /// Parses; throws <see cref="UsageException"/> without a model. Of an option that is given twice, under whatever name, the last counts.
    /// </summary>
    public static WorkerOptions Parse(EngineKind engine, IReadOnlyList<string> arguments)
    {
        var options = CommandOptions.Parse(
            engine.Module,
            arguments,
            ["--is-prefill-worker", "--is-decode-worker", "--headless"],
            [
                .. engine.ModelOptions,
                .. TensorParallel,
                .. DataParallel,
                "--disaggregation-mode",
                "--node-rank",
                "--speedup-ratio",
                "--num-workers",
                .. engine.IsSidecar ? [EngineLink.Option] : Array.Empty<string>(),
                .. engine.LengthOption is { } length ? [length] : Array.Empty<string>(),
            ]);
        // A sidecar's engine tells the model.
        var model = engine.ModelOptions.Select(options.Text).FirstOrDefault(text => text is not null)
            ?? (engine.IsSidecar ? NotTold : throw new UsageException($"{engine.Module}: {engine.RequiredOption} is missing"));
        if (model.Length == 0 || model.Any(char.IsWhiteSpace))
        {
            throw new UsageException($"{engine.Module}: the model is '{model}', but must be a name without blanks");
        }

        var mode = options.Text("--disaggregation-mode") ?? "";
        if (mode is not ("" or "null" or "agg" or "decode" or "prefill" or "prefill_and_decode"))
        {
            throw new UsageException($"{engine.Module}: --disaggregation-mode is '{mode}', but must be agg, decode or prefill");
        }

        var limit = engine.LengthOption is { } name ? options.Number(name, 0, 0, int.MaxValue) : 0;
        return new(
            engine,
            model,
            options.Has("--is-prefill-worker") || mode == "prefill" ? WorkerRole.Prefill : WorkerRole.Decode,
            options.Ignored
        )
        {
            TensorParallelSize = options.Number(options.LastOf(TensorParallel), 1, 1, EngineKind.MostRanks),
            DataParallelSize = options.Number(options.LastOf(DataParallel), 1, 1, EngineKind.MostRanks),
            ContextLength = limit > 0 ? limit : null,
            Speedup = SpeedupOf(engine, options),
            Workers = options.Number("--num-workers", 1, 1, 1000),
            NeedsPrefill = options.Has("--is-decode-worker") || mode == "decode",
            EngineAddress = engine.IsSidecar ? EngineLink.AddressOf(options.Text(EngineLink.Option)) : null,
            Headless = options.Has("--headless") || options.Number("--node-rank", 0, 0, 1000) > 0,
        };
    }

    private static double SpeedupOf(EngineKind engine, CommandOptions options)
    {
        if (options.Text("--speedup-ratio") is not { } text)
        {
            return 1;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is > 0 and <= MostSpeedup
            ? ratio
            : throw new UsageException(
                $"{engine.Module}: --speedup-ratio is '{text}', but must be a number above 0, at most {MostSpeedup}"
            );
    }
}
