using System.Collections.Immutable;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>What becomes of a worker whose engine has lost a process.</summary>
internal enum BrokenEngine
{
    /// <summary>It sees it, and ends with 1.</summary>
    Exits,

    /// <summary>It does not see it: the dead process stays a zombie, the worker lives on, and no request ends any more.</summary>
    Hangs,
}

/// <summary>One engine's row: how it is called, what it is made of, and what it does when a part dies.</summary>
/// <param name="Module">As in <c>python3 -m dynamo.vllm</c>.</param>
/// <param name="ModelOptions">Options that name the model, the one that counts first.</param>
/// <param name="LengthOption">The option that limits prompt and output together; null where the limit is not held.</param>
/// <param name="Broken">What follows the death of a part.</param>
/// <param name="Pauses">Whether a worker that was told to stop waits before it ends (<see cref="TodaySettings.WorkerPause"/>).</param>
internal sealed record EngineKind(
    string Module,
    ImmutableArray<string> ModelOptions,
    string? LengthOption,
    BrokenEngine Broken,
    bool Pauses
)
{
    /// <summary>Most ranks, and most data-parallel engines: the image has that many links.</summary>
    public const int MostRanks = 8;

    public static EngineKind Vllm { get; } =
        new("dynamo.vllm", ["--served-model-name", "--model"], "--max-model-len", BrokenEngine.Exits, Pauses: true);

    public static EngineKind Sglang { get; } =
        new("dynamo.sglang", ["--served-model-name", "--model-path", "--model"], "--context-length", BrokenEngine.Hangs, Pauses: true);

    public static EngineKind Trtllm { get; } =
        new("dynamo.trtllm", ["--served-model-name", "--model-path", "--model"], "--max-seq-len", BrokenEngine.Exits, Pauses: true);

    public static EngineKind Mocker { get; } =
        new("dynamo.mocker", ["--model-name", "--model-path", "--model"], null, BrokenEngine.Exits, Pauses: false);

    /// <summary>A worker whose engine, <c>vllm-rs</c>, has a container of its own.</summary>
    public static EngineKind VllmSidecar { get; } = new("dynamo-vllm-sidecar", ["--served-model-name"], null, BrokenEngine.Exits, Pauses: true);

    /// <summary>A worker whose engine has a container of its own, whichever it is.</summary>
    public static EngineKind OpenEngineSidecar { get; } =
        new("dynamo-openengine-sidecar", ["--served-model-name"], null, BrokenEngine.Exits, Pauses: true);

    /// <summary>Workers that ask an engine in another container; programs, and no modules.</summary>
    public static ImmutableArray<EngineKind> Sidecars { get; } = [VllmSidecar, OpenEngineSidecar];

    /// <summary>Whether its engine is in another container, which also says what the model is.</summary>
    public bool IsSidecar => Sidecars.Contains(this);

    /// <summary>The option that upstream's own program asks for.</summary>
    public string RequiredOption => this == Vllm ? "--model" : "--model-path";

    /// <summary>All of them, in order of name.</summary>
    public static ImmutableArray<EngineKind> All { get; } = [Mocker, Sglang, Trtllm, Vllm];

    /// <summary>
    /// The names of the processes below the worker: those that do requests, one a data-parallel engine, and those that are only there.
    /// </summary>
    public (ImmutableArray<string> Engines, ImmutableArray<string> Others) Processes(WorkerOptions options, StandInSettings settings)
    {
        var ranks = Enumerable.Range(0, options.TensorParallelSize);
        if (this == Mocker)
        {
            return ([], []);
        }

        if (this == Vllm)
        {
            return options.DataParallelSize == 1
                ? ([ProcessNames.VllmCore], [])
                : ([.. Enumerable.Range(0, options.DataParallelSize).Select(rank => $"{ProcessNames.VllmCore}_DP{rank}")], []);
        }

        if (this == Sglang)
        {
            return options.TensorParallelSize == 1
                ? ([ProcessNames.SglangScheduler], [ProcessNames.SglangDetokenizer])
                : (
                    [$"{ProcessNames.SglangScheduler}_TP0"],
                    [.. ranks.Skip(1).Select(rank => $"{ProcessNames.SglangScheduler}_TP{rank}"), ProcessNames.SglangDetokenizer]
                );
        }

        var name = settings.Today is { Texts: ReleaseTexts.Source } ? ProcessNames.TrtllmCore : ProcessNames.TrtllmMpi;
        return ([name], [.. ranks.Skip(1).Select(_ => name)]);
    }
}
