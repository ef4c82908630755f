using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results;

/// <summary>Reads a run's folder, ours or one that the reference suite wrote. Pure: the same files give the same result anywhere.</summary>
internal static class RunParser
{
    /// <summary>Reads every <c>test_fault_scenario[…]</c> in a folder.</summary>
    /// <param name="runFolder">The run's folder, or any that holds such folders.</param>
    /// <param name="options">Limits and assumptions.</param>
    /// <param name="cancellation">Ends between two scenarios.</param>
    /// <returns>One row a scenario; what could not be read is among the diagnostics.</returns>
    /// <exception cref="FaultMatrixException">FT0801 where the folder is not there or holds no scenario.</exception>
    public static RunResult Parse(string runFolder, ParseOptions? options = null, CancellationToken cancellation = default)
    {
        using var growing = NoBackgroundCollection.Begin();
        options ??= new ParseOptions();
        var folder = Path.GetFullPath(runFolder);
        if (!Directory.Exists(folder))
        {
            throw new FaultMatrixException(ParseCodes.NoFolder, $"there is no results folder '{runFolder}'") { File = folder };
        }

        var run = RunInfo.Read(folder);
        options = options with { ReadyTexts = run.ReadyTexts };
        var named = Directory.GetDirectories(folder)
            .Select(path => (path, name: ScenarioName.Of(Path.GetFileName(path))))
            .Where(pair => pair.name is not null)
            .Select(pair => (Path: pair.path, Name: pair.name!.Value))
            .ToList();
        var scenarios = Rows(named, options, folder, cancellation);
        var there = named.Select(pair => pair.Name.Name).ToHashSet(StringComparer.Ordinal);
        scenarios.AddRange(
            run.Scenarios.Where(name => !there.Contains(name)).Select(name => ScenarioParser.Missing(folder, ScenarioName.FromName(name)))
        );
        if (scenarios.Count == 0)
        {
            throw new FaultMatrixException(
                ParseCodes.NoFolder,
                $"'{runFolder}' holds no folder test_fault_scenario[…]; name a run's folder"
            )
            {
                File = folder,
            };
        }

        return new RunResult
        {
            Folder = folder,
            Id = run.Id ?? "",
            StandIn = run.StandIn,
            Definitions = run.Definitions,
            Sla = options.Sla,
            Measures = options.Measures,
            Scenarios = [.. Grouped(scenarios, byName: run.IsOurs).ThenBy(s => s.Row.Failure, FailureOrder.Instance).ThenBy(s => s.Trial)],
            Diagnostics = [.. run.Findings, .. SaturatedMachine.Check(scenarios)],
        };
    }

    // Rows know nothing of each other.
    private static List<ScenarioResult> Rows(
        List<(string Path, ScenarioName Name)> named, ParseOptions options, string folder, CancellationToken cancellation)
    {
        var rows = new ScenarioResult[named.Count];
        SideBySide.Each(rows.Length, i => rows[i] = Portable(One(named[i].Path, named[i].Name, options), folder), cancellation);
        return [.. rows];
    }

    // The reference suite prints groups in the order in which it meets them in the directory; ours are printed by name.
    private static IOrderedEnumerable<ScenarioResult> Grouped(List<ScenarioResult> scenarios, bool byName)
    {
        var met = scenarios.Select(scenario => scenario.Group).Distinct(StringComparer.Ordinal).ToList();
        return byName ? scenarios.OrderBy(s => s.Group, StringComparer.Ordinal) : scenarios.OrderBy(s => met.IndexOf(s.Group));
    }

    // One folder that cannot be listed must not cost the rows of the others.
    private static ScenarioResult One(string path, ScenarioName name, ParseOptions options)
    {
        try
        {
            return ScenarioParser.Parse(path, name, options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ScenarioParser.Failed(
                path,
                name,
                new Diagnostic(ParseCodes.Unreadable, Severity.Error, $"cannot be read: {error.Message}") { File = path }
            );
        }
    }

    // Messages of the system name full paths, which differ from machine to machine.
    private static ScenarioResult Portable(ScenarioResult result, string folder)
    {
        string Cut(string text) => text.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        return result with
        {
            Notes = [.. result.Notes.Select(Cut)],
            Diagnostics = [.. result.Diagnostics.Select(finding => finding with { Message = Cut(finding.Message) })],
        };
    }
}
