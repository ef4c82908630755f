using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>Carries out a scenario's faults at their times, each with its proof.</summary>
/// <param name="session">The cluster.</param>
/// <param name="watch">The graph's watch.</param>
/// <param name="log">The runner's log.</param>
/// <param name="timeline">The timeline.</param>
/// <param name="options">Limits.</param>
public sealed class FaultInjector(ClusterSession session, GraphWatch watch, TestLog log, TimelineWriter timeline, FaultOptions options)
{
    /// <summary>
    /// Waits for each fault's time and carries it out; several pods of one fault are hit at once. A fault without proof does not stop those after it:
    /// it is in the result, and in the timeline as <c>fault.unproven</c>.
    /// </summary>
    /// <param name="failure">What is to be broken.</param>
    /// <param name="firstRequest">The instant of the load's first request, from which the first fault's time counts.</param>
    /// <param name="cancellation">Stops; faults already ordered are not taken back.</param>
    public async Task<IReadOnlyList<FaultOutcome>> RunAsync(Failure failure, DateTimeOffset firstRequest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var outcomes = new List<FaultOutcome>();
        var due = firstRequest;
        for (var i = 0; i < failure.Faults.Length; i++)
        {
            var fault = failure.Faults[i];
            due += fault.After;
            var wait = due - timeline.Clock.Now;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, session.Time, cancellation);
            }

            outcomes.AddRange(await InjectAsync(failure.Name, i + 1, fault, cancellation));
        }

        return outcomes;
    }

    private async Task<IReadOnlyList<FaultOutcome>> InjectAsync(string failure, int number, Fault fault, CancellationToken cancellation)
    {
        var kind = FaultKinds.Of(fault.Kind);
        IReadOnlyList<GraphPod> pods;
        try
        {
            pods = Targets(fault);
        }
        catch (FaultMatrixException e)
        {
            return [Unproven(null, $"{number}", failure, fault, e)];
        }

        if (fault.Kind == FaultKind.DeletePod)
        {
            // Before the fault's own time is stamped: saving logs is no part of it.
            await Task.WhenAll(pods.Select(p => SaveAsync(p, cancellation)));
        }

        log.Injecting(Describe(fault, kind, pods));
        return await Task.WhenAll(pods.Select((pod, i) => OneAsync(kind, $"{number}.{i + 1}", failure, fault, pod, cancellation)));
    }

    private async Task<FaultOutcome> OneAsync(IFaultKind kind, string id, string failure, Fault fault, GraphPod pod, CancellationToken cancellation)
    {
        var context = new FaultContext(id, failure, fault, pod, watch, session, log, timeline, options);
        try
        {
            var proof = await kind.InjectAsync(context, cancellation);
            log.Info("test_fault_scenario", $"Fault {id} on {pod.Name} proven: {proof.Text}");
            return new FaultOutcome(id, pod.Service.Name, pod.Name, proof, null);
        }
        catch (FaultMatrixException e)
        {
            return Unproven(context, id, failure, fault, e);
        }
    }

    private IReadOnlyList<GraphPod> Targets(Fault fault)
    {
        var service = watch.Graph.Service(fault.Target);
        var chosen = PodSelector.Choose([.. watch.Pods.Where(p => p.Service == service)], fault.Pods, options.Seed);
        return chosen.Count > 0 ? chosen : throw new FaultMatrixException("FT0611", $"service '{service.Name}' of graph '{watch.Graph.Name}' has no pod to break");
    }

    private async Task SaveAsync(GraphPod pod, CancellationToken cancellation)
    {
        if (options.BeforeDelete is not { } save)
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.BeforeDeleteTimeout, session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await save(pod, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var message = $"the logs of pod '{pod.Name}' could not be saved within {options.BeforeDeleteTimeout.TotalSeconds:0.#} s before its deletion";
            log.Error("test_fault_scenario", message);
            timeline.Write(new ErrorNoted("FT0702", message));
        }
    }

    private FaultOutcome Unproven(FaultContext? context, string id, string failure, Fault fault, FaultMatrixException error)
    {
        log.Error("test_fault_scenario", $"Fault {id} not proven: {error.Code}: {error.Message}");
        if (context is not null)
        {
            FaultEvents.Write(context, new FaultUnproven(), fault.Signal, [], $"{error.Code}: {error.Message}");
        }
        else
        {
            timeline.Write(new FaultUnproven { Id = id, Failure = failure, Service = fault.Target, Proof = $"{error.Code}: {error.Message}" });
        }

        return new FaultOutcome(id, context?.Pod.Service.Name ?? fault.Target, context?.Pod.Name, null, error);
    }

    // The form of the reference suite's own record, for its newer parser, which splits what stands between the brackets.
    private static string Describe(Fault fault, IFaultKind kind, IReadOnlyList<GraphPod> pods) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Failure(time={fault.After.TotalSeconds:0.###}, pod_name='{pods[0].Service.Name}', command='{kind.Command(fault)}', signal='{fault.Signal}', replicas={pods.Count})");
}

/// <summary>What became of a fault on one pod.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Service">The service.</param>
/// <param name="Pod">The pod; null when there was none to break.</param>
/// <param name="Proof">The proof; null when there is none.</param>
/// <param name="Error">Why there is no proof; null when there is one.</param>
public sealed record FaultOutcome(string Id, string Service, string? Pod, FaultProof? Proof, FaultMatrixException? Error);
