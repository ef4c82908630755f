using System.Globalization;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// Asks the domain which scenarios are meant, before anything is made. The domain reports unknown names and a broken file.
/// </summary>
internal static class ScenarioSelection
{
    /// <summary>The domain's target: returns one item per selected scenario, and writes nothing.</summary>
    public const string Target = "SelectScenarios";

    /// <returns>
    /// The selected scenarios, none where a run that is continued has nothing left to run; null when an error has been reported.
    /// </returns>
    public static async Task<IReadOnlyList<EngineItem>?> SelectAsync(
        EngineHost engine, ParameterSet parameters, string project, IDictionary<string, IReadOnlyList<string>> properties,
            RunTracker tracker)
    {
        var result = await engine.BuildAsync(project, properties.AsReadOnly(), Target);
        if (!result.Succeeded)
        {
            return null;
        }

        var selected = Partition(result.Items, parameters.Text("Partition"));
        // A part's plan names the whole, so that Merge knows what is missing.
        properties["_FtMatrix"] = parameters.IsGiven("Partition") ? [.. result.Items.Select(item => item.Name)] : [""];
        if (selected.Count == 0 && !parameters.Flag("Continue"))
        {
            tracker.AddProblem(true, "", new FrontError("FT0106", "No scenario is selected; --list shows all."));
            return null;
        }

        return selected;
    }

    /// <summary>
    /// How many scenarios run at a time: what is given, else what the load profile says, and never more than there are; one where their
    /// graphs
    /// share what must not be shared by rows that run side by side.
    /// </summary>
    public static int Parallelism(ParameterSet parameters, IReadOnlyList<EngineItem> selected)
    {
        if (selected.Any(s => s.Metadata.GetValueOrDefault("Alone") == "true"))
        {
            return 1;
        }

        var wanted = parameters.Text("Parallelism") ?? selected.Select(s => s.Metadata.GetValueOrDefault("Parallelism"))
            .FirstOrDefault(p => p is { Length: > 0 });
        return Math.Clamp(int.Parse(wanted ?? "1", CultureInfo.InvariantCulture), 1, Math.Max(1, selected.Count));
    }

    /// <summary>
    /// The line that says that fewer scenarios run at a time than elsewhere, for this machine's processors; null where not.
    /// </summary>
    public static string? Lowered(ParameterSet parameters, IReadOnlyList<EngineItem> selected)
    {
        var atATime = Parallelism(parameters, selected);
        return !parameters.IsGiven("Parallelism") && selected.Count > atATime
            && selected[0].Metadata.GetValueOrDefault("ParallelismElsewhere") is { Length: > 0 } elsewhere
            ? string.Create(CultureInfo.InvariantCulture, $"Scenarios at a time: {atATime}, not {elsewhere}, since graphs and clients share "
                + $"{Environment.ProcessorCount} processors (--parallelism says otherwise).")
            : null;
    }

    /// <summary>Part <c>2/4</c>: each fourth scenario, from the second on.</summary>
    public static IReadOnlyList<T> Partition<T>(IReadOnlyList<T> all, string? partition)
    {
        if (partition is null)
        {
            return all;
        }

        var parts = partition.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], out var part) && int.TryParse(parts[1], out var total) && part >= 1
            && part <= total
            ? [.. all.Where((_, i) => i % total == part - 1)]
            : throw new FrontException("FT0103", $"--partition takes a part and a total such as 2/4, not '{partition}'.");
    }
}
