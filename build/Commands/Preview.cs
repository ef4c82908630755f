using System.Runtime.CompilerServices;
using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary><c>--plan</c> and <c>--list</c>: what would run, without running it and without one write to a cluster.</summary>
internal sealed class Preview(Invocation invocation, FrontOutput output, ExecutionPlan plan, Signals signals, Unforeseen unforeseen)
{
    /// <summary>The domain's target that reads a cluster: returns lines to show, and writes nothing.</summary>
    private const string DomainTarget = "Plan";

    private readonly RunTracker _tracker = new(invocation.Declarations, output.Console.Time);

    public async Task<int> RunAsync()
    {
        IReadOnlyList<EngineItem>? scenarios = [];
        IReadOnlyList<EngineItem> details = [];
        if (plan.TakesScenarios)
        {
            EngineLoader.Register(invocation.Home);
            (scenarios, details) = await AskEngineAsync();
        }

        foreach (var (isError, _, error) in _tracker.Problems)
        {
            if (output.Format.Report(isError, error.RelativeTo(invocation.Root)) is { } report)
            {
                output.Console.Raw(report);
            }

            if (isError)
            {
                output.Console.Error(error);
            }
            else
            {
                output.Console.Line(Level.Warning, $"{error.Code}: {error.Message}");
            }
        }

        if (scenarios is null || _tracker.Problems.Any(p => p.IsError))
        {
            return signals.ExitCode ?? _tracker.Problems.Where(p => p.IsError).Select(p => ExitCodes.Of(p.Error.Code))
                .DefaultIfEmpty(ExitCodes.NotMeasured).First();
        }

        if (signals.ExitCode is { } interrupted)
        {
            return interrupted;
        }

        var parallelism = ScenarioSelection.Parallelism(invocation.Parameters, scenarios);
        if (invocation.Parameters.Text("Plan") is not null && !HostNames.IsServer(output.Host))
        {
            WriteHtml(
                PlanText.Text(plan, scenarios, parallelism, details, ClusterLine(scenarios)), PlanText.Mermaid(plan, scenarios, details));
        }

        output.Console.Raw(ForeignText.Block(invocation.Parameters.Text("Plan") switch
        {
            "mermaid" => PlanText.Mermaid(plan, scenarios, details),
            null => PlanText.List(scenarios),
            _ => PlanText.Text(plan, scenarios, parallelism, details, ClusterLine(scenarios)),
        }));
        return ExitCodes.Success;
    }

    // Not inlined: its locals are MSBuild's, which can be loaded only after the loader has run.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(IReadOnlyList<EngineItem>? Scenarios, IReadOnlyList<EngineItem> Details)> AskEngineAsync()
    {
        var project = Path.Combine(invocation.Home, "build", "matrix.proj");
        var properties = EngineProperties.Of(invocation);
        properties["_FtProcessors"] = [plan.NeedsCluster ? ClusterChoice.Processors(invocation) : ""];
        await using var engine = EngineHost.Start(_tracker, unforeseen, 1);
        await using var cancel = signals.Token.UnsafeRegister(_ => engine.Cancel(), null);
        var scenarios = await ScenarioSelection.SelectAsync(engine, invocation.Parameters, project, properties, _tracker);
        if (scenarios is null or [] || invocation.Parameters.Text("Plan") is null)
        {
            return (scenarios, []);
        }

        if (scenarios[0].Metadata.GetValueOrDefault("Run") is { Length: > 0 } run)
        {
            properties["Run"] = [run];
        }

        properties["Scenario"] = [.. scenarios.Select(s => s.Name)];
        var cluster = plan.NeedsCluster ? ClusterChoice.Find(invocation) : null;
        cluster?.Apply(properties);
        properties["_FtReadsCluster"] = [cluster is null ? "false" : "true"];
        return (scenarios, (await engine.BuildAsync(project, properties, DomainTarget)).Items);
    }

    // Where NUKE puts it. Nothing is opened: whoever has a browser can.
    private void WriteHtml(string text, string mermaid)
    {
        static string Escape(string s) => System.Net.WebUtility.HtmlEncode(s);
        Directory.CreateDirectory(invocation.Temp);
        File.WriteAllText(
            Path.Combine(invocation.Temp, "execution-plan.html"),
            $"<!doctype html>\n<meta charset=\"utf-8\">\n<title>Execution plan</title>\n<pre>{Escape(text)}</pre>\n"
            + $"<h2>Mermaid</h2>\n<pre class=\"mermaid\">{Escape(mermaid)}</pre>\n");
    }

    private string? ClusterLine(IReadOnlyList<EngineItem> scenarios) =>
        !plan.NeedsCluster || (scenarios.Count > 0 && scenarios.All(row => row.Metadata.GetValueOrDefault("Url") == "true")) ? null
        : ClusterChoice.Find(invocation)?.Why ?? "Cluster: a local cluster would be started, with stand-in graphs.";
}
