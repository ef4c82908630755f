using System.Globalization;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Planning;

/// <summary>What one scenario would do: the objects it creates and the pods its faults hit.</summary>
public static class ScenarioPlan
{
    /// <summary>The lines of a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="graph">Its graph, as it would be deployed.</param>
    /// <exception cref="FaultMatrixException">FT0601: a fault aims at a service that the graph does not have.</exception>
    public static IEnumerable<PlanLine> Lines(Scenario scenario, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(graph);
        var load = scenario.Load;
        yield return new PlanLine(PlanLineKind.Scenario, string.Create(CultureInfo.InvariantCulture,
            $"{scenario.Name}: about {ExpectedDuration.Of(scenario).TotalSeconds:0} s, {load.Planned} requests of {load.Clients} clients"))
        {
            Scenario = scenario.Name,
            Short = string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, about {ExpectedDuration.Of(scenario).TotalSeconds:0} s"),
        };
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
            yield return new PlanLine(PlanLineKind.Creates, $"    {change.Text}") { Scenario = scenario.Name, Short = change.Text };
        }

        for (var i = 0; i < scenario.Failure.Faults.Length; i++)
        {
            var fault = scenario.Failure.Faults[i];
            var service = graph.Service(fault.Target);
            var what = fault.Kind == FaultKind.DeletePod ? "deletes" : $"{fault.Signal} to '{fault.Process}' in";
            var since = i == 0 ? "the first request" : "that";
            yield return new PlanLine(PlanLineKind.Fault, string.Create(CultureInfo.InvariantCulture,
                $"  {fault.After.TotalSeconds:0.###} s after {since}: {what} {Pods(fault.Pods, service)}"))
            {
                Scenario = scenario.Name,
                Service = service.Name,
                Short = fault.Kind == FaultKind.DeletePod ? "delete pod" : $"{fault.Signal} {fault.Process}",
            };
        }

        if (scenario.Failure.Faults.IsEmpty)
        {
            yield return new PlanLine(PlanLineKind.Fault, "  no fault: a baseline") { Scenario = scenario.Name };
        }
    }

    private static string Pods(PodSelection selection, GraphService service)
    {
        var all = service.Replicas;
        if (all == 1)
        {
            return $"the pod of {service.Name}";
        }

        var count = selection.Mode switch
        {
            SelectionMode.First => 1,
            SelectionMode.Percent => (int)((((long)all * selection.Count) + 99) / 100),
            SelectionMode.All => all,
            _ => selection.Count,
        };
        var which = selection.Mode switch
        {
            SelectionMode.First => "the first",
            SelectionMode.Random => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(count, all)} at random"),
            SelectionMode.All => "all",
            _ => string.Create(CultureInfo.InvariantCulture, $"the first {Math.Min(count, all)}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{which} of {all} pods of {service.Name}");
    }
}
