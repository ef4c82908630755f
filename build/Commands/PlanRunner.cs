using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Runs a plan's steps and tells at their end what came of them, whatever way they ended.</summary>
internal sealed class PlanRunner(Invocation invocation, FrontOutput output, ExecutionPlan plan, Signals signals, Unforeseen unforeseen)
{
    private readonly RunTracker _tracker = new(invocation.Declarations, output.Console.Time);
    private readonly Dictionary<string, (TargetStatus Status, TimeSpan Duration)> _frontResults = [];

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var started = output.Console.Time.GetTimestamp();
        var run = new EngineRun(invocation, output, plan, signals, unforeseen, _tracker, RunFrontStepAsync);
        signals.First = () => Say(Waiting("Stopping"));
        signals.Second = () => Say($"{Waiting("Still stopping")} Once more leaves at once.");
        signals.Third = () => output.Console.Raw(run.CleanupHint);
        var code = ExitCodes.NotMeasured;
        try
        {
            code = plan.Steps.Any(s => s.Target?.InEngine == true) ? await WithEngineAsync(run) : await RunFrontOnlyAsync();
        }
        catch (FrontException e)
        {
            foreach (var error in e.Errors)
            {
                _tracker.AddProblem(true, "", error);
            }

            code = e.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            code = ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _tracker.AddProblem(true, "", unforeseen.Of(e));
        }
        finally
        {
            await run.DisposeAsync();
        }

        code = signals.ExitCode ?? code;
        RunSummary.Write(invocation, output, plan, _tracker, _frontResults, run.Folder, output.Console.Time.GetElapsedTime(started), code);
        if (run.Comparison is { } comparison)
        {
            output.Console.Raw(ForeignText.Block(await File.ReadAllTextAsync(comparison, CancellationToken.None)));
        }

        return code;
    }

    private Task<int> WithEngineAsync(EngineRun run)
    {
        EngineLoader.Register(invocation.Home);
        return run.RunAsync();
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
            _frontResults[target.Name] = (status, output.Console.Time.GetElapsedTime(started));
        }
    }

    // Through the display where there is one: a live table would be torn otherwise.
    private void Say(string text)
    {
        if (!_tracker.Say(Level.Warning, text))
        {
            output.Console.Line(Level.Warning, text);
        }
    }

    private string Waiting(string verb)
    {
        var busy = _tracker.Snapshot().Where(s => s.Started && !s.Finished).ToList();
        var what = busy.Count == 0 ? "" : $" Waiting for {string.Join(", ", busy.Select(s =>
            $"{s.Phase} of {s.Name} ({SummaryTable.Duration(output.Console.Time.GetUtcNow() - s.Since)})"))}.";
        return $"{verb}.{what}";
    }
}
