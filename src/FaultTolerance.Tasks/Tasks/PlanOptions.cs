using System.Globalization;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Plans;

namespace FaultTolerance.Tasks;

/// <summary>What somebody gave of the options that a run's plan holds; what nobody gave is empty, and the plan decides.</summary>
internal sealed record PlanOptions
{
    /// <summary>Full path of the scenarios file.</summary>
    public string ScenariosFile { get; init; } = "";

    /// <summary>The load profile.</summary>
    public string LoadProfile { get; init; } = "";

    /// <summary>Image for every service.</summary>
    public string Image { get; init; } = "";

    /// <summary>Model for every deployment.</summary>
    public string Model { get; init; } = "";

    /// <summary>Seed, as a number.</summary>
    public string Seed { get; init; } = "";

    /// <summary>How clients reach frontends.</summary>
    public string Transport { get; init; } = "";

    /// <summary>The address that leads to the frontends; null with another transport than <c>url</c>.</summary>
    public UrlTarget? Ingress { get; init; }

    /// <summary>From where all loads come; null where nobody said so.</summary>
    public LoadSource? Source { get; init; }

    /// <summary>Rows at the same time, as a number.</summary>
    public string Parallelism { get; init; } = "";

    /// <summary>Processors of this machine, where the graphs run on it; null where they run elsewhere. Nobody gives it.</summary>
    public int? Processors { get; init; }

    /// <summary>Refuses what the run was not planned with: a row is measured on what was asked when the run was made.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="run">The run's id, for the message.</param>
    /// <exception cref="FaultMatrixException">FT0120, with every option that differs.</exception>
    public void MustAgree(RunPlan plan, string run)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string?[] all =
        [
            ScenariosFile.Length == 0 || IsSame(plan) ? null : Words("scenarios-file", ScenariosFile, plan.ScenariosFile),
            Differing("load-profile", LoadProfile, plan.Profile),
            Differing("image", Image, plan.Image),
            Differing("model", Model, plan.Model),
            Differing("seed", Seed, plan.Seed),
            Differing("transport", Transport, plan.Transport),
            plan.Alone ? null : Differing("parallelism", Parallelism, plan.Parallelism),
            .. Sources(plan),
        ];
        var differing = all.OfType<string>().ToList();
        if (differing.Count > 0)
        {
            throw new FaultMatrixException(
                "FT0120",
                $"run '{run}' was planned otherwise: {string.Join("; ", differing)}. Leave what differs out, or begin a new run");
        }
    }

    // Each option once, whichever row it is not so of.
    private IEnumerable<string> Sources(RunPlan plan) => Source is not { } source ? [] :
        plan.Scenarios.SelectMany(row => source.Differing(row.Load)).DistinctBy(one => one.Option, StringComparer.Ordinal)
            .Select(one => Words(one.Option, one.Given, one.Was));

    private static string? Differing(string name, string given, string? planned) =>
        given.Length == 0 || string.Equals(given, planned, StringComparison.OrdinalIgnoreCase) ? null : Words(name, given, planned);

    private static string? Differing(string name, string given, int planned) =>
        given.Length == 0 || ScenarioSource.Number(given) == planned
            ? null : Words(name, given, planned.ToString(CultureInfo.InvariantCulture));

    private static string Words(string name, string given, string? planned) =>
        $"--{name} is {given}, and was {(string.IsNullOrEmpty(planned) ? "not given" : planned)}";

    // The same file in another place (a checkout that was moved) asks for the same.
    private bool IsSame(RunPlan plan)
    {
        if (ScenariosFile == plan.ScenariosFile)
        {
            return true;
        }

        try
        {
            return FrozenText.HashOf(File.ReadAllText(ScenariosFile)) == plan.ScenariosHash;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
