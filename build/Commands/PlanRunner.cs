using System.Runtime.CompilerServices;
using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Runs a plan's steps, and cleans up after a signal.</summary>
internal sealed class PlanRunner(Invocation invocation, FrontOutput output, ExecutionPlan plan, Signals signals)
{
    private static readonly string[] Narrowing = ["Scenario", "Deployment", "Failure", "Partition"];
    private readonly RunTracker tracker = new(invocation.Declarations, output.Console.Time);
    private readonly Dictionary<string, (TargetStatus Status, TimeSpan Duration)> frontResults = [];
    private readonly string project = Path.Combine(invocation.Root, "build", "matrix.proj");
    private Dictionary<string, IReadOnlyList<string>> properties = EngineProperties.Of(invocation);
    private ClusterUse? cluster;
    private string? runFolder;
    private string? comparison;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var started = output.Console.Time.GetTimestamp();
        signals.First = () => Say(Waiting("Stopping"));
        signals.Second = () => Say($"{Waiting("Still stopping")} Once more leaves at once.");
        signals.Third = () => output.Console.Raw(cluster?.CleanupHint(properties) ?? "");
        var code = ExitCodes.NotMeasured;
        try
        {
            code = await RunStepsAsync();
        }
        catch (FrontException e)
        {
            foreach (var error in e.Errors)
            {
                tracker.AddProblem(true, "", error);
            }

            code = e.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            code = ExitCodes.Interrupted;
        }
        finally
        {
            if (cluster is not null)
            {
                await cluster.DisposeAsync();
            }
        }

        code = signals.ExitCode ?? code;
        RunSummary.Write(invocation, output, plan, tracker, frontResults, runFolder, output.Console.Time.GetElapsedTime(started), code);
        if (comparison is not null)
        {
            output.Console.Raw(File.ReadAllText(comparison));
        }

        return code;
    }

    private async Task<int> RunStepsAsync()
    {
        if (!plan.Steps.Any(s => s.Target?.InEngine == true))
        {
            return await RunFrontOnlyAsync();
        }

        EngineLoader.Register(invocation.Root);
        return await RunWithEngineAsync();
    }

    private async Task<int> RunFrontOnlyAsync()
    {
        foreach (var step in plan.Steps.Where(s => s.Target is not null))
        {
            if (await RunFrontStepAsync(step.Target!) is not 0 and var code)
            {
                return code;
            }
        }

        return ExitCodes.Success;
    }

    private async Task<int> RunFrontStepAsync(TargetDefinition target)
    {
        output.Console.Box(target.Name);
        var started = output.Console.Time.GetTimestamp();
        var status = TargetStatus.Aborted;
        try
        {
            var code = await FrontCommands.Of(target.Name, invocation, output).RunAsync(signals.Token);
            status = code == 0 ? TargetStatus.Succeeded : TargetStatus.Failed;
            return code;
        }
        catch (FrontException)
        {
            status = TargetStatus.Failed;
            throw;
        }
        finally
        {
            frontResults[target.Name] = (status, output.Console.Time.GetElapsedTime(started));
        }
    }

    // Not inlined: its locals are MSBuild's, which can be loaded only after the loader has run.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<int> RunWithEngineAsync()
    {
        if (plan.Runs("Deploy") && !invocation.Parameters.IsGiven("Run") && !invocation.Parameters.Flag("Continue"))
        {
            properties["Run"] = [EngineProperties.NewRun(output.Console.Time)];
        }

        var selected = plan.TakesScenarios ? await SelectAsync() : [];
        if (selected is null)
        {
            return FailureCode();
        }

        var parallelism = ScenarioSelection.Parallelism(invocation.Parameters, selected);
        var code = ExitCodes.Success;
        await using (var engine = EngineHost.Start(tracker, parallelism))
        await using (signals.Token.UnsafeRegister(_ => engine.Cancel(), null))
        {
            if (plan.TakesScenarios)
            {
                var narrowed = Narrowing.Any(invocation.Parameters.IsGiven);
                properties["_FtEverything"] = [plan.Runs("Teardown") && !plan.Runs("Deploy") && !narrowed ? "true" : "false"];
                properties["Scenario"] = [.. selected.Select(s => s.Name)];
                tracker.Expect(selected.Select(s => s.Name));
            }

            if (plan.NeedsCluster)
            {
                cluster = await ClusterChoice.ResolveAsync(invocation, plan, signals.Token);
                output.Console.Line(Level.Information, cluster.Why);
                cluster.Apply(properties);
            }

            code = await RunEngineStepsAsync(engine, parallelism > 1);
        }

        if (signals.Token.IsCancellationRequested && plan.Runs("Deploy"))
        {
            await CleanUpAsync();
        }

        return code;
    }

    // A session of its own: how many nodes the run gets depends on what is selected.
    private async Task<IReadOnlyList<EngineItem>?> SelectAsync()
    {
        await using var engine = EngineHost.Start(tracker, 1);
        await using var cancel = signals.Token.UnsafeRegister(_ => engine.Cancel(), null);
        return await ScenarioSelection.SelectAsync(engine, invocation.Parameters, project, properties, tracker);
    }

    private async Task<int> RunEngineStepsAsync(EngineHost engine, bool parallel)
    {
        var code = ExitCodes.Success;
        await using var display = RunDisplays.Create(output, tracker, parallel);
        using var listening = tracker.Listen(display);
        foreach (var step in plan.Steps)
        {
            if (step.Target is null || (code != ExitCodes.Success && !step.Target.RunsAfterFailure) || signals.Token.IsCancellationRequested)
            {
                continue;
            }

            var stepCode = step.Target.InEngine ? await RunEngineStepAsync(engine, step) : await RunFrontStepAsync(step.Target);
            code = code == ExitCodes.Success ? stepCode : code;
        }

        return code;
    }

    private async Task<int> RunEngineStepAsync(EngineHost engine, PlanStep step)
    {
        properties["_FtSkip"] = [$";{string.Join(';', step.Omitted(invocation.Declarations))};"];
        var result = await engine.BuildAsync(project, properties, step.Target!.Name);
        if (result.Items.Count > 0 && step.Target!.Name == "Compare")
        {
            comparison = result.Items[0].Name;
        }
        else if (result.Items.Count > 0 && (plan.Runs("Parse") || plan.Runs("Report")))
        {
            runFolder = result.Items[0].Name;
        }

        return result.Succeeded ? ExitCodes.Success : FailureCode();
    }

    // A second build, after the cancelled one has ended: scenarios that began and did not end are collected, then torn down.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task CleanUpAsync()
    {
        var open = tracker.Snapshot().Where(s => s.Started && !s.Finished).Select(s => s.Name).ToList();
        var cleanup = new Dictionary<string, IReadOnlyList<string>>(properties, StringComparer.OrdinalIgnoreCase)
        {
            ["Scenario"] = open,
            ["_FtAfterCancel"] = ["true"],
            ["Continue"] = [""],
            ["_FtEverything"] = ["false"],
        };
        await using var engine = EngineHost.Start(tracker, Math.Clamp(open.Count, 1, 8));
        await using var display = new PlainDisplay(output.Console, output.Format, open.Count > 1);
        using var listening = tracker.Listen(display);
        if (open.Count > 0)
        {
            output.Console.Line(Level.Information, $"Cleaning up {string.Join(", ", open)}.");
            if (plan.Runs("Collect"))
            {
                await engine.BuildAsync(project, cleanup, "Collect");
            }

            await engine.BuildAsync(project, cleanup, "Teardown");
        }

        if (plan.Runs("Parse") && tracker.Snapshot().Any(s => s.Finished))
        {
            cleanup["Scenario"] = properties["Scenario"];
            var parsed = await engine.BuildAsync(project, cleanup, "Parse");
            runFolder = parsed.Items.Count > 0 ? parsed.Items[0].Name : runFolder;
        }
    }

    private int FailureCode()
    {
        var codes = tracker.Problems.Where(p => p.IsError).Select(p => ExitCodes.Of(p.Error.Code)).ToHashSet();
        return codes.Contains(ExitCodes.Cluster) ? ExitCodes.Cluster : codes.Contains(ExitCodes.Usage) ? ExitCodes.Usage : ExitCodes.NotMeasured;
    }

    // Through the display where there is one: a live table would be torn otherwise.
    private void Say(string text)
    {
        if (!tracker.Say(Level.Warning, text))
        {
            output.Console.Raw(text);
        }
    }

    private string Waiting(string verb)
    {
        var busy = tracker.Snapshot().Where(s => s.Started && !s.Finished).ToList();
        var what = busy.Count == 0 ? "" : $" Waiting for {string.Join(", ", busy.Select(s =>
            $"{s.Phase} of {s.Name} ({SummaryTable.Duration(output.Console.Time.GetUtcNow() - s.Since)})"))}.";
        return $"{verb}.{what}";
    }
}
