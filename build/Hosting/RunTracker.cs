using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Hosting;

/// <summary>Where a scenario stands.</summary>
internal sealed record ScenarioState(string Name)
{
    /// <summary>The latest progress event, or null before the first.</summary>
    public ProgressEvent? Progress { get; init; }

    public string Phase { get; init; } = "";

    public bool Started { get; init; }

    public bool Finished { get; init; }

    public bool Failed { get; init; }

    /// <summary>When the current phase began.</summary>
    public DateTimeOffset Since { get; init; }
}

/// <summary>Keeps the state of a run from the engine's events, and hands lines on to the display.</summary>
internal sealed class RunTracker(Declarations declarations, TimeProvider time) : IEngineListener
{
    private const string ScenarioTarget = "RunScenario";

    private readonly Lock gate = new();
    private readonly Dictionary<string, ScenarioState> scenarios = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TargetTally> tallies = new(StringComparer.Ordinal);
    private readonly List<(bool IsError, string Origin, FrontError Error)> problems = [];
    private readonly HashSet<string> names = [.. declarations.Targets.Select(t => t.Name)];

    /// <summary>Gets lines and ends of scenarios.</summary>
    public IRunDisplay Display { get; set; } = new NoDisplay();

    public bool HasDisplay => Display is not NoDisplay;

    public IReadOnlyList<(bool IsError, string Origin, FrontError Error)> Problems
    {
        get
        {
            lock (gate)
            {
                return [.. problems];
            }
        }
    }

    /// <summary>A copy of all scenarios' states, in the order of their selection.</summary>
    public IReadOnlyList<ScenarioState> Snapshot()
    {
        lock (gate)
        {
            return [.. scenarios.Values];
        }
    }

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
            problems.Add((isError, origin, error));
        }
    }

    /// <summary>What a target did so far: null if it never ran.</summary>
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
        });
        if (progress.State != "progress")
        {
            var text = progress.Text.Length > 0 ? progress.Text : progress.State;
            Display.Line(progress.State == "failed" ? Level.Error : Level.Information, progress.Scenario, $"{progress.Phase} {text}");
        }
    }

    public void Message(string? scenario, bool important, string text) =>
        Display.Line(important ? Level.Information : Level.Debug, scenario, text);

    public void Problem(string? scenario, bool isError, FrontError error)
    {
        // MSBuild's own remark that a task failed without saying why, after one of ours did say why, and its note that a cancel takes long.
        if (error.Code is "MSB4181" or "MSB4220")
        {
            return;
        }

        string origin;
        lock (gate)
        {
            var phase = scenario is not null && scenarios.TryGetValue(scenario, out var state) ? state.Phase : "";
            origin = $"{scenario} {phase}".Trim();
            problems.Add((isError, origin, error));
        }

        if (scenario is not null && isError)
        {
            Update(scenario, s => s with { Failed = true });
        }

        Display.Line(isError ? Level.Error : Level.Warning, scenario, $"{error.Code}: {error.Message}");
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
                    : tally with { Succeeded = tally.Succeeded + (succeeded ? 1 : 0), Failed = tally.Failed + (succeeded ? 0 : 1), Scenarios = tally.Scenarios + duration };
            }
        }

        if (scenario is not null && target == ScenarioTarget)
        {
            Update(scenario, s => s with { Finished = true, Failed = s.Failed || !succeeded });
            Display.ScenarioEnded(scenario, succeeded);
        }
    }

    // In a scenario the load is two targets, so that the fault falls between them.
    private static string PublicName(string target) => target is "StartLoad" or "AwaitLoad" ? "Load" : target;

    private void Update(string scenario, Func<ScenarioState, ScenarioState> change)
    {
        lock (gate)
        {
            scenarios[scenario] = change(scenarios.GetValueOrDefault(scenario) ?? new ScenarioState(scenario));
        }
    }

    private sealed class NoDisplay : IRunDisplay
    {
        public void Line(Level level, string? scenario, string text)
        {
        }

        public void ScenarioEnded(string scenario, bool succeeded)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>What a target did, over all scenarios.</summary>
/// <param name="Succeeded">Scenarios in which it succeeded.</param>
/// <param name="Failed">Scenarios in which it failed.</param>
/// <param name="Scenarios">Time over all scenarios, added up.</param>
/// <param name="Own">Time of the target of that name for the whole matrix.</param>
internal sealed record TargetTally(int Succeeded, int Failed, TimeSpan Scenarios, TimeSpan Own)
{
    /// <summary>Whether the target for the whole matrix failed.</summary>
    public bool OwnFailed { get; init; }
}
