using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Reading;

/// <summary>A scenario as its folder's name tells it.</summary>
/// <param name="Name">The whole name, that of the scenario's folder.</param>
/// <param name="Group">The deployment.</param>
/// <param name="Failure">The failure.</param>
/// <param name="Trial">Which repetition, from 1.</param>
internal readonly record struct ScenarioName(string Name, string Group, string Failure, int Trial)
{
    /// <summary>
    /// Reads <c>test_fault_scenario[{name}]</c>: the text after the last <c>-</c> is the failure, what is before it the group. A suffix
    /// such as <c>_overflow</c> after the bracket, of a scenario in phases, is part of the failure; a number after a dot is the trial. Null
    /// for any other folder.
    /// </summary>
    public static ScenarioName? Of(string folder)
    {
        if (!folder.StartsWith(ScenarioFolder.Prefix, StringComparison.Ordinal) || folder.LastIndexOf(']') is not (> 0 and var end))
        {
            return null;
        }

        var suffix = folder[(end + 1)..];
        return suffix is "" or "_overflow" or "_recovery" ? FromName(folder[ScenarioFolder.Prefix.Length..end] + suffix) : null;
    }

    /// <summary>Splits a scenario's name.</summary>
    public static ScenarioName FromName(string name)
    {
        var (row, trial) = TrialName.Split(name);
        var dash = row.LastIndexOf('-');
        return new ScenarioName(name, dash < 0 ? "" : row[..dash], row[(dash + 1)..], trial);
    }
}
