using System.Runtime.CompilerServices;
using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// The part of a plan that the engine runs. What a signal, a lost worker of the engine or a mistake of ours has left undone is done in a
/// session of its own: scenarios that began are collected and torn down, and those that ended get their tables.
/// </summary>
/// <param name="invocation">What was asked.</param>
/// <param name="output">Where lines go.</param>
/// <param name="plan">The steps.</param>
/// <param name="signals">Cancel the run.</param>
/// <param name="unforeseen">Keeps traces.</param>
/// <param name="tracker">Hears of everything.</param>
/// <param name="runFront">Runs a step of the front's own.</param>
internal sealed class EngineRun(
    Invocation invocation, FrontOutput output, ExecutionPlan plan, Signals signals, Unforeseen unforeseen, RunTracker tracker,
    Func<TargetDefinition, Task<int>> runFront) : IAsyncDisposable
{
    // A task that hangs on a cluster that is gone ends with this process.
    private static readonly TimeSpan PatienceWithoutCluster = TimeSpan.FromSeconds(10);
    private static readonly string[] Narrowing = ["Scenario", "Deployment", "Failure", "Partition"];

    private readonly string _project = Path.Combine(invocation.Home, "build", "matrix.proj");
    private readonly Dictionary<string, IReadOnlyList<string>> _properties = EngineProperties.Of(invocation);
    private EngineTemp? _temporary;
    private readonly CancellationTokenSource _watching = new();
    private readonly CancellationTokenSource _giveUp = new();
    private Task _watch = Task.CompletedTask;
    private ClusterUse? _cluster;
    private volatile bool _clusterLost;
    private bool _enginesEnded = true;
    private volatile EngineHost? _active;

    /// <summary>The run's folder, once it has been parsed.</summary>
    public string? Folder { get; private set; }

    /// <summary>The file that compares two runs, where that was asked for.</summary>
    public string? Comparison { get; private set; }

    /// <summary>What to do when the process leaves before it has cleaned up.</summary>
    public string CleanupHint => _cluster?.CleanupHint(_properties) ?? "";

    /// <returns>The exit code.</returns>
    // Not inlined: its locals are the engine's, which can be loaded only after the loader has run.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public async Task<int> RunAsync()
    {
        OrphanedWorkers.End(invocation.Temp);
        AbandonedClusters.RemoveFiles(invocation.Temp);
        _temporary = new EngineTemp(LocalClusterOptions.EngineFolder(invocation), output.Console.Time);
        if (plan.Runs("Deploy") && !invocation.Parameters.IsGiven("Run") && !invocation.Parameters.Flag("Continue"))
        {
            _properties["Run"] = [EngineProperties.NewRun(output.Console.Time)];
        }

        var selected = SelectsScenarios ? await SelectAsync() : [];
        if (selected is null)
        {
            return FailureCode();
        }

        if (SelectsScenarios && selected.Count == 0)
        {
            return await FinishAsync();
        }

        var broke = false;
        var code = ExitCodes.Success;
        try
        {
            code = await RunStepsAsync(selected, ScenarioSelection.Parallelism(invocation.Parameters, selected));
        }
        catch (Exception e) when (e is not (FrontException or OperationCanceledException or OutOfMemoryException))
        {
            tracker.AddProblem(true, "", unforeseen.Of(e));
            (broke, code) = (true, FailureCode());
        }

        if (plan.Runs("Deploy") && (signals.Token.IsCancellationRequested || tracker.EngineBroke || _clusterLost || broke))
        {
            await CleanUpAsync();
        }

        if ((plan.Runs("Deploy") || plan.Runs("Load")) && !_clusterLost && !NeedsNone(selected))
        {
            await ReleaseAsync();
        }

        return _clusterLost || tracker.EngineBroke ? FailureCode() : code;
    }

    public async ValueTask DisposeAsync()
    {
        await _watching.CancelAsync();
        await _watch;
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _watching.Dispose();
        _giveUp.Dispose();
        if (_temporary is not null)
        {
            await _temporary.RemoveAsync(_enginesEnded);
        }
    }

    // Without a name, Teardown removes what any run has left, whatever the scenarios file or a run's plan say by now.
    private bool RemovesEverything =>
        plan.Runs("Teardown") && !plan.Runs("Deploy") && !Narrowing.Any(invocation.Parameters.IsGiven);

    // An address alone is a run of its own, with its tables.
    private bool LoadsUrl => plan.Runs("Load") && !plan.Runs("Deploy") && invocation.Parameters.IsGiven("Url")
        && invocation.Parameters.Text("Transport") != "url";

    private static bool NeedsNone(IReadOnlyList<EngineItem> selected) =>
        selected.Count > 0 && selected.All(row => row.Metadata.GetValueOrDefault("Url") == "true");

    private bool SelectsScenarios => plan.TakesScenarios
        && !(RemovesEverything && plan.Steps.All(s => s.Target is not { TakesScenarios: true } || s.Target.Name == "Teardown"));

    // A session of its own: how many nodes the run gets depends on what is selected.
    private async Task<IReadOnlyList<EngineItem>?> SelectAsync()
    {
        await using var engine = EngineHost.Start(tracker, unforeseen, 1);
        await using var cancel = signals.Token.UnsafeRegister(_ => engine.Cancel(), null);
        _properties["_FtProcessors"] = [plan.NeedsCluster ? ClusterChoice.Processors(invocation) : ""];
        _properties["_FtOfRun"] = [plan.Runs("Deploy") || LoadsUrl ? "" : "true"];
        var selected = await ScenarioSelection.SelectAsync(engine, invocation.Parameters, _project, _properties, tracker);
        var run = selected is { Count: 0 }
            ? (await engine.BuildAsync(_project, _properties, "_FtContinued")).Items is [var first, ..] ? first.Name : null
            : selected?[0].Metadata.GetValueOrDefault("Run");
        if (run is { Length: > 0 })
        {
            _properties["Run"] = [run];
        }

        return selected;
    }

    // Every row of the run that is continued has its result: what may be left is a graph, and the tables.
    private async Task<int> FinishAsync()
    {
        output.Console.Line(Level.Information, "Every selected scenario of the run has a result: what it left is cleared away, and it is parsed.");
        _properties["_FtEverything"] = ["true"];
        _properties["Continue"] = [""];
        var targets = new List<string>();
        if (plan.Runs("Teardown") && (_cluster = ClusterChoice.Find(invocation)) is not null)
        {
            _cluster.Apply(_properties);
            targets.Add("Teardown");
        }

        if (plan.Runs("Parse"))
        {
            targets.Add("Parse");
        }

        var engine = _active = EngineHost.Start(tracker, unforeseen, 1);
        await using var cancel = signals.Token.UnsafeRegister(_ => engine.Cancel(), null);
        await using var display = new PlainDisplay(output.Console, output.Format, false);
        using var listening = tracker.Listen(display);
        var code = ExitCodes.Success;
        try
        {
            foreach (var target in targets.TakeWhile(_ => !signals.Token.IsCancellationRequested))
            {
                var result = await BuildAsync(engine, _properties, target, _giveUp.Token);
                Folder = target == "Parse" && result.Items.Count > 0 ? result.Items[0].Name : Folder;
                code = result.Succeeded ? code : FailureCode();
            }
        }
        finally
        {
            await EndAsync(engine);
        }

        return code;
    }

    // The namespace's lease goes last: until then nobody else begins where a graph of this run may still stand.
    private async Task ReleaseAsync()
    {
        var engine = _active = EngineHost.Start(tracker, unforeseen, 1);
        try
        {
            await BuildAsync(engine, _properties, "_FtRelease", _giveUp.Token);
        }
        finally
        {
            await EndAsync(engine);
        }
    }

    private async Task<int> RunStepsAsync(IReadOnlyList<EngineItem> selected, int parallelism)
    {
        var engine = _active = EngineHost.Start(tracker, unforeseen, parallelism);
        try
        {
            await using var cancel = signals.Token.UnsafeRegister(_ => engine.Cancel(), null);
            _properties["_FtEverything"] = [RemovesEverything ? "true" : "false"];
            if (SelectsScenarios)
            {
                _properties["Scenario"] = [.. selected.Select(s => s.Name)];
                tracker.Expect(selected.Select(s => s.Name));
            }

            if (plan.NeedsCluster && !NeedsNone(selected))
            {
                _cluster = await ClusterChoice.ResolveAsync(
                    invocation, plan, selected.Any(s => s.Metadata.GetValueOrDefault("PodNetworks") == "true"), signals.Token);
                output.Console.Line(Level.Information, _cluster.Why);
                if (ScenarioSelection.Lowered(invocation.Parameters, selected) is { } lowered)
                {
                    output.Console.Line(Level.Information, lowered);
                }

                _cluster.Apply(_properties);
                _watch = WatchAsync(_cluster);
            }

            return await RunStepsAsync(engine, parallelism > 1);
        }
        finally
        {
            await EndAsync(engine);
        }
    }

    private async Task<int> RunStepsAsync(EngineHost engine, bool parallel)
    {
        var code = ExitCodes.Success;
        await using var display = RunDisplays.Create(output, tracker, parallel);
        using var listening = tracker.Listen(display);
        foreach (var step in plan.Steps)
        {
            if (step.Target is null || (code != ExitCodes.Success && !step.Target.RunsAfterFailure)
                || signals.Token.IsCancellationRequested || _clusterLost)
            {
                continue;
            }

            var stepCode = step.Target.InEngine ? await RunStepAsync(engine, step) : await runFront(step.Target);
            code = code == ExitCodes.Success ? stepCode : code;
        }

        return code;
    }

    private async Task<int> RunStepAsync(EngineHost engine, PlanStep step)
    {
        _properties["_FtSkip"] = [$";{string.Join(';', step.Omitted(invocation.Declarations))};"];
        var result = await BuildAsync(engine, _properties, step.Target!.Name, _giveUp.Token);
        if (result.Items.Count > 0 && step.Target!.Name == "Compare")
        {
            Comparison = result.Items[0].Name;
        }
        else if (result.Items.Count > 0 && (plan.Runs("Parse") || plan.Runs("Report") || plan.Runs("Merge") || LoadsUrl))
        {
            Folder = result.Items[0].Name;
        }

        return result.Succeeded ? ExitCodes.Success : FailureCode();
    }

    // Sessions of their own, after the first one has ended: nothing works any more on a graph that is being removed.
    private async Task CleanUpAsync()
    {
        var open = _clusterLost ? [] : tracker.Snapshot().Where(s => s.Started && !s.Finished).ToList();
        if (open.Count > 0)
        {
            output.Console.Line(Level.Information, $"Cleaning up {string.Join(", ", open.Select(s => s.Name))}.");
            var work = new List<(string, IReadOnlyList<string>)>();
            if (plan.Runs("Collect") && open.Exists(s => !s.Collected))
            {
                work.Add(("Collect", [.. open.Where(s => !s.Collected).Select(s => s.Name)]));
            }

            work.Add(("Teardown", [.. open.Select(s => s.Name)]));
            await AfterwardsAsync(work, _giveUp.Token);
        }

        if (plan.Runs("Parse") && tracker.Snapshot().Any(s => s.Finished))
        {
            var parsed = await AfterwardsAsync([("Parse", _properties["Scenario"])], CancellationToken.None);
            Folder = parsed.Items.Count > 0 ? parsed.Items[0].Name : Folder;
        }
    }

    private async Task<EngineResult> AfterwardsAsync(
        IReadOnlyList<(string Target, IReadOnlyList<string> Scenarios)> work, CancellationToken cancellationToken)
    {
        var most = work.Max(w => w.Scenarios.Count);
        var values = new Dictionary<string, IReadOnlyList<string>>(_properties, StringComparer.OrdinalIgnoreCase)
        {
            ["_FtAfterCancel"] = ["true"],
            ["Continue"] = [""],
            ["_FtEverything"] = ["false"],
        };
        var engine = _active = EngineHost.Start(tracker, unforeseen, Math.Clamp(most, 1, 8));
        await using var display = new PlainDisplay(output.Console, output.Format, most > 1);
        using var listening = tracker.Listen(display);
        var result = new EngineResult(false, []);
        try
        {
            foreach (var (target, scenarios) in work)
            {
                values["Scenario"] = scenarios;
                result = await BuildAsync(engine, values, target, cancellationToken);
            }
        }
        finally
        {
            await EndAsync(engine);
        }

        return result;
    }

    private async Task<EngineResult> BuildAsync(
        EngineHost engine, IReadOnlyDictionary<string, IReadOnlyList<string>> values, string target, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.BuildAsync(_project, values, target).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new EngineResult(false, []);
        }
    }

    private async Task EndAsync(EngineHost engine)
    {
        _active = null;
        _enginesEnded &= await engine.EndAsync(_clusterLost ? PatienceWithoutCluster : Timeout.InfiniteTimeSpan);
    }

    private async Task WatchAsync(ClusterUse used)
    {
        try
        {
            var how = await used.LostAsync(_watching.Token);
            _clusterLost = true;
            var error = new FrontError("FT0303", $"The local cluster ended on its own ({how}), and all that it ran with it.");
            tracker.AddProblem(true, "", error);
            tracker.Say(Level.Error, $"{error.Code}: {error.Message}");
            _active?.Cancel();
            _giveUp.CancelAfter(PatienceWithoutCluster);
        }
        catch (OperationCanceledException)
        {
            // The run has ended before its cluster.
        }
    }

    private int FailureCode()
    {
        var codes = tracker.Problems.Where(p => p.IsError).Select(p => ExitCodes.Of(p.Error.Code)).ToHashSet();
        return codes.Contains(ExitCodes.Cluster) ? ExitCodes.Cluster : codes.Contains(ExitCodes.Usage) ? ExitCodes.Usage
            : ExitCodes.NotMeasured;
    }
}
