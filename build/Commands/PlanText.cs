using System.Globalization;
using System.Text;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>A plan as text and as a Mermaid chart.</summary>
internal static class PlanText
{
    /// <summary>Metadata of a selected scenario: how long the domain expects it to take, in seconds.</summary>
    private const string Expected = "ExpectedSeconds";

    public static string Text(ExecutionPlan plan, IReadOnlyList<EngineItem> scenarios, int parallelism,
        IReadOnlyList<EngineItem> details, string? cluster)
    {
        var text = new StringBuilder("Targets, in order:\n");
        foreach (var row in plan.Rows)
        {
            text.Append("  ").Append(row.Target.Name);
            if (row.Target.DependsOn.Count > 0)
            {
                text.Append(" (").AppendJoin(", ", row.Target.DependsOn).Append(')');
            }

            text.Append(row.Skipped is null ? "\n" : $"   // Skipped: {row.Skipped}\n");
        }

        if (cluster is not null)
        {
            text.Append('\n').Append(cluster).Append('\n');
        }

        if (scenarios.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nScenarios: {scenarios.Count}{Total(scenarios, parallelism)}\n");
            // The domain's own lines name the scenarios again, and say more.
            foreach (var scenario in scenarios.Where(s => !details.Any(d => Of(d, "Scenario") == s.Name)))
            {
                text.Append("  ").Append(scenario.Name).Append(Duration(scenario)).Append('\n');
            }
        }

        if (details.Count > 0)
        {
            text.Append('\n').AppendJoin('\n', details.Select(d => Of(d, "Text"))).Append('\n');
        }

        return text.ToString();
    }

    public static string List(IReadOnlyList<EngineItem> scenarios) => string.Join('\n', scenarios.Select(s => s.Name));

    public static string Mermaid(ExecutionPlan plan, IReadOnlyList<EngineItem> scenarios, IReadOnlyList<EngineItem> details)
    {
        var text = new StringBuilder("flowchart LR\n");
        var rows = plan.Rows.Where(r => r.Target.DependsOn.Count == 0 && r.Skipped is null).Select(r => r.Target.Name).ToList();
        foreach (var name in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name}[{name}]\n");
        }

        // The fault falls into the load, so the two stand side by side.
        var parallel = rows.Contains("Load") && rows.Contains("Inject");
        for (var i = 1; i < rows.Count; i++)
        {
            if (parallel && rows[i] == "Inject")
            {
                continue;
            }

            var from = parallel && i > 1 && rows[i - 1] == "Inject" ? "Load" : rows[i - 1];
            text.Append(CultureInfo.InvariantCulture, $"  {from} --> {rows[i]}\n");
            if (parallel && rows[i] == "Load")
            {
                text.Append(CultureInfo.InvariantCulture, $"  {rows[i - 1]} --> Inject\n");
            }
            else if (parallel && from == "Load")
            {
                text.Append(CultureInfo.InvariantCulture, $"  Inject --> {rows[i]}\n");
            }
        }

        if (scenarios.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  scenarios[/\"{scenarios.Count} scenarios\"/] --> {rows[0]}\n");
        }

        Scenarios(text, details);
        return text.ToString();
    }

    // A box per scenario: what it creates, and which service each fault hits.
    private static void Scenarios(StringBuilder text, IReadOnlyList<EngineItem> details)
    {
        var number = 0;
        foreach (var scenario in details.Where(d => Of(d, "Scenario").Length > 0).GroupBy(d => Of(d, "Scenario"), StringComparer.Ordinal))
        {
            var title = scenario.FirstOrDefault(d => Of(d, "Kind") == "Scenario");
            var graph = scenario.Where(d => Of(d, "Kind") == "Creates").Select(d => Of(d, "Short")).LastOrDefault() ?? "graph";
            text.Append(
                CultureInfo.InvariantCulture, $"  subgraph s{++number}[\"{Quoted(title is null ? scenario.Key : Of(title, "Short"))}\"]\n");
            text.Append(CultureInfo.InvariantCulture, $"    s{number}g[\"{Quoted(graph)}\"]\n");
            foreach (var fault in scenario.Where(d => Of(d, "Kind") == "Fault" && Of(d, "Service").Length > 0))
            {
                var service = Of(fault, "Service");
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    s{number}g -. \"{Quoted(Of(fault, "Short"))}\" .-> s{number}{Id(service)}([\"{Quoted(service)}\"])\n");
            }

            text.Append("  end\n");
        }
    }

    private static string Of(EngineItem line, string metadata) => line.Metadata.GetValueOrDefault(metadata) ?? "";

    private static string Quoted(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal);

    private static string Id(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit)]);

    private static string Duration(EngineItem scenario) => Seconds(scenario) is { } s ? $"   about {s:0} s" : "";

    private static string Total(IReadOnlyList<EngineItem> scenarios, int parallelism)
    {
        var seconds = scenarios.Select(Seconds).OfType<double>().ToList();
        if (seconds.Count < scenarios.Count)
        {
            return "";
        }

        var total = seconds.Sum();
        return string.Create(CultureInfo.InvariantCulture, $", about {total:0} s one after another")
            + (parallelism > 1 ? string.Create(CultureInfo.InvariantCulture,
                $", {Math.Max(total / parallelism, seconds.Max()):0} s {parallelism} at a time") : "");
    }

    private static double? Seconds(EngineItem scenario) =>
        double.TryParse(scenario.Metadata.GetValueOrDefault(Expected), NumberStyles.Float, CultureInfo.InvariantCulture, out var s)
            ? s : null;
}
