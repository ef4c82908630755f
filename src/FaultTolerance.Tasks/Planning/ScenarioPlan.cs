using System.Globalization;
using FaultTolerance.Faults;
using FaultTolerance.Faults.Waiting;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Planning;

/// <summary>What one scenario would do: the objects it creates and the pods its faults hit.</summary>
internal static class ScenarioPlan
{
    /// <summary>The lines of a scenario whose deployment is an address: nothing is made, and nothing is broken.</summary>
    /// <param name="scenario">The scenario.</param>
    public static IEnumerable<PlanLine> Lines(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        yield return scenario.Load.RateSearch is { } search
            ? Head(scenario, search) : Head(scenario, ExpectedDuration.OfLoad(scenario.Load));
        yield return new PlanLine(PlanLineKind.Fault, $"  asks {scenario.Deployment.Url?.Url}; breaks nothing") { Scenario = scenario.Name };
    }

    private static PlanLine Head(Scenario scenario, RateSearchSpec search) => new(
        PlanLineKind.Scenario,
        string.Create(CultureInfo.InvariantCulture,
            $"{scenario.Name}: at most {ExpectedDuration.OfLoad(scenario.Load).TotalSeconds:0} s, looks for the highest rate from ")
        + string.Create(CultureInfo.InvariantCulture,
            $"{search.From:0.####} to {search.To:0.####} a second in at most {search.Steps} steps"))
    {
        Scenario = scenario.Name,
        Short = string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, at most {search.Steps} steps"),
    };

    private static PlanLine Head(Scenario scenario, TimeSpan expected) => new(
        PlanLineKind.Scenario,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario.Name}: about {expected.TotalSeconds:0} s, {scenario.Load.Planned} requests of {scenario.Load.Clients} clients")
            + Pods(scenario.Load))
    {
        Scenario = scenario.Name,
        Short = string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, about {expected.TotalSeconds:0} s"),
    };

    private static string Pods(LoadSpec load) => load.Pods switch
    {
        0 => "",
        1 => ", sent from a pod of the cluster" + Probe(load),
        var pods => $", sent from {pods} pods of the cluster" + Probe(load),
    };

    private static string Probe(LoadSpec load) => load.ProbeRate == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $", and beside them one client from here, {load.ProbeRate:0.####} requests a second");

    /// <summary>The lines of a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="graph">Its graph, as it would be deployed.</param>
    /// <param name="kinds">The kinds that its faults may be of.</param>
    /// <param name="reach">What each fault would hit, and what it needs (<see cref="FaultReach"/>); null to leave that out.</param>
    /// <exception cref="FaultMatrixException">FT0601: a fault aims at a service that the graph does not have.</exception>
    public static IEnumerable<PlanLine> Lines(
        Scenario scenario, Graph graph, FaultKinds kinds, IReadOnlyList<IReadOnlyList<string>>? reach = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(graph);
        yield return Head(scenario, ExpectedDuration.Of(scenario));
        foreach (var made in graph.Objects)
        {
            yield return new PlanLine(PlanLineKind.Creates, $"  creates {made.Type.Kind} {made.Name}")
            {
                Scenario = scenario.Name,
                Short = $"{made.Type.Kind} {made.Name}",
            };
        }

        foreach (var change in graph.Changes)
        {
            yield return new PlanLine(PlanLineKind.Creates, $"    {change}") { Scenario = scenario.Name, Short = change.Text };
        }

        for (var i = 0; i < scenario.Failure.Faults.Length; i++)
        {
            var fault = scenario.Failure.Faults[i];
            var plan = kinds.Of(fault).Plan(fault, graph);
            var first = i == 0 && fault.When is FaultStart.Time or FaultStart.Healed or FaultStart.Ready;
            var since = first ? "the first request" : FaultWait.Words(fault);
            yield return new PlanLine(PlanLineKind.Fault, string.Create(CultureInfo.InvariantCulture,
                $"  {fault.After.TotalSeconds:0.###} s after {since}: {plan.Text}"))
            {
                Scenario = scenario.Name,
                Service = plan.Service,
                Short = plan.Short,
            };
            foreach (var line in reach?[i] ?? [])
            {
                yield return new PlanLine(PlanLineKind.Target, $"    {line}") { Scenario = scenario.Name, Service = plan.Service };
            }
        }

        if (scenario.Failure.Faults.IsEmpty)
        {
            yield return new PlanLine(
                PlanLineKind.Fault,
                scenario.Failure.External is null ? "  no fault: a baseline" : "  breaks nothing: what somebody else breaks is looked for")
            {
                Scenario = scenario.Name,
            };
        }
    }
}
