using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Hosting;

/// <summary>Keeps the state of a run from the engine's events, and tells whoever listens.</summary>
internal sealed class RunTracker(Declarations declarations, TimeProvider time) : IEngineListener, IRunState
{
    private const string ScenarioTarget = "RunScenario";

    /// <summary>The state of a progress event, and the code of a message, by which a task says what it waits for.</summary>
    public const string Waiting = "waiting";

    /// <summary>The code of the error for a worker process of the engine that ended early.</summary>
    public const string LostWorker = "FT0903";

    private readonly Lock gate = new();
    private readonly Dictionary<string, ScenarioState> scenarios = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TargetTally> tallies = new(StringComparer.Ordinal);
    private readonly List<RunProblem> problems = [];
    private readonly HashSet<string> names = [.. declarations.Targets.Select(t => t.Name)];
    private IRunListener[] listeners = [];

    /// <summary>Whether a worker process of the engine ended early: what ran in it was not torn down.</summary>
    public bool EngineBroke { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<RunProblem> Problems
    {
        get
        {
            lock (gate)
            {
                return [.. problems];
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ScenarioState> Snapshot()
    {
        lock (gate)
        {
            return [.. scenarios.Values];
        }
    }

    /// <summary>Tells a listener of everything from now on, until the result is disposed.</summary>
    public IDisposable Listen(IRunListener listener)
    {
        lock (gate)
        {
            listeners = [.. listeners, listener];
        }

        return new Subscription(this, listener);
    }

    /// <summary>Says a line that is about no scenario; false when nobody listens.</summary>
    public bool Say(Level level, string text)
    {
        Tell(level, null, text);
        return listeners.Length > 0;
    }

    /// <summary>The scenarios that the run is going to have.</summary>
    public void Expect(IEnumerable<string> selected)
    {
        lock (gate)
        {
            foreach (var name in selected)
            {
                scenarios.TryAdd(name, new ScenarioState(name));
            }
        }
    }

    public void AddProblem(bool isError, string origin, FrontError error)
    {
        lock (gate)
        {
            problems.Add(new RunProblem(isError, origin, error));
        }
    }

    /// <inheritdoc/>
    public TargetTally? Tally(string target)
    {
        lock (gate)
        {
            return tallies.GetValueOrDefault(target);
        }
    }

    public void Progress(ProgressEvent progress)
    {
        Update(progress.Scenario, s => s with
        {
            Progress = progress,
            Phase = progress.Phase,
            Since = s.Phase == progress.Phase ? s.Since : time.GetUtcNow(),
            Failed = s.Failed || progress.State == "failed",
            Collected = s.Collected || progress is { Phase: "Collect", State: "done" },
        });
        if (progress.State == Waiting)
        {
            Array.ForEach(listeners, l => l.Waiting(progress.Scenario, $"{progress.Phase} {progress.Text}"));
        }
        else if (progress.State != "progress")
        {
            var text = progress.Text.Length > 0 ? progress.Text : progress.State;
            Tell(progress.State == "failed" ? Level.Error : Level.Information, progress.Scenario, $"{progress.Phase} {text}");
        }
    }

    public void Message(string? scenario, bool important, string text) =>
        Tell(important ? Level.Information : Level.Debug, scenario, text);

    public void Problem(string? scenario, bool isError, FrontError error)
    {
        // MSBuild's own remark that a task failed without saying why, after one of ours did say why, and its note that a cancel takes long.
        if (error.Code is "MSB4181" or "MSB4220")
        {
            return;
        }

        EngineBroke |= error.Code == LostWorker;
        string origin;
        lock (gate)
        {
            var phase = scenario is not null && scenarios.TryGetValue(scenario, out var state) ? state.Phase : "";
            origin = $"{scenario} {phase}".Trim();
            problems.Add(new RunProblem(isError, origin, error));
        }

        if (scenario is not null && isError)
        {
            Update(scenario, s => s with { Failed = true });
        }

        Tell(isError ? Level.Error : Level.Warning, scenario, $"{error.Code}: {error.Message}");
    }

    public void TargetStarted(string? scenario, string target)
    {
        target = PublicName(target);
        if (scenario is not null && (target == ScenarioTarget || names.Contains(target)))
        {
            Update(scenario, s => s with { Started = true, Phase = names.Contains(target) ? target : s.Phase, Since = time.GetUtcNow() });
        }
    }

    public void TargetFinished(string? scenario, string target, bool succeeded, TimeSpan duration)
    {
        target = succeeded && target == "StartLoad" ? target : PublicName(target);
        if (names.Contains(target))
        {
            lock (gate)
            {
                var tally = tallies.GetValueOrDefault(target) ?? new TargetTally(0, 0, TimeSpan.Zero, TimeSpan.Zero);
                tallies[target] = scenario is null
                    ? tally with { Own = tally.Own + duration, OwnFailed = tally.OwnFailed || !succeeded }
                    : tally with { Succeeded = tally.Succeeded + (succeeded ? 1 : 0), Failed = tally.Failed
                        + (succeeded ? 0 : 1), Scenarios = tally.Scenarios + duration };
            }
        }

        if (scenario is not null && target == ScenarioTarget)
        {
            Update(scenario, s => s with { Finished = true, Failed = s.Failed || !succeeded });
            Array.ForEach(listeners, l => l.ScenarioEnded(scenario, succeeded));
        }
    }

    private void Tell(Level level, string? scenario, string text) => Array.ForEach(listeners, l => l.Line(level, scenario, text));

    // In a scenario the load is two targets, so that the fault falls between them.
    private static string PublicName(string target) => target is "StartLoad" or "AwaitLoad" ? "Load" : target;

    private void Update(string scenario, Func<ScenarioState, ScenarioState> change)
    {
        lock (gate)
        {
            scenarios[scenario] = change(scenarios.GetValueOrDefault(scenario) ?? new ScenarioState(scenario));
        }
    }

    private sealed class Subscription(RunTracker tracker, IRunListener listener) : IDisposable
    {
        public void Dispose()
        {
            lock (tracker.gate)
            {
                tracker.listeners = [.. tracker.listeners.Where(l => l != listener)];
            }
        }
    }
}
