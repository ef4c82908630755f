using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>Carries out a scenario's faults at their times, each with its proof.</summary>
/// <param name="scene">Where.</param>
/// <param name="kinds">The kinds that its faults may be of.</param>
internal sealed class FaultInjector(FaultScene scene, FaultKinds kinds)
{
    /// <summary>
    /// Carries each fault out at its time; all targets of one fault are hit at once, or in turn where its kind is such. A fault without
    /// proof does not stop those after it: it is in the result, and in the timeline as <c>fault.unproven</c>.
    /// </summary>
    /// <param name="failure">What is to be broken.</param>
    /// <param name="firstRequest">The instant of the load's first request, from which the first fault's time counts.</param>
    /// <param name="cancellation">Stops; faults already ordered are not taken back, but those that last are undone.</param>
    public async Task<IReadOnlyList<FaultOutcome>> RunAsync(Failure failure, DateTimeOffset firstRequest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(failure);
        using var journal = scene.Options.Journal is { } path ? new FaultJournal(path) : null;
        var healing = new FaultHealing(journal);
        var due = firstRequest;
        var running = new List<Task<IReadOnlyList<FaultOutcome>>>();
        IReadOnlyList<FaultOutcome>[] outcomes;
        try
        {
            // Each by its own time alone: a fault whose proof takes long holds up none of those after it.
            foreach (var fault in failure.Faults)
            {
                if (fault.When != FaultStart.Time && running.Count > 0)
                {
                    await FaultsBefore.EndAsync(scene, running, fault.When, cancellation);
                    due = scene.Timeline.Clock.Now;
                }

                due += fault.After;
                var wait = due - scene.Timeline.Clock.Now;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, scene.Session.Time, cancellation);
                }

                running.Add(InjectAsync(healing, failure.Name, running.Count + 1, fault, cancellation));
            }
        }
        finally
        {
            // Those under way end first, as they write to the journal.
            outcomes = await Task.WhenAll(running);
        }

        return [.. outcomes.SelectMany(fault => fault)];
    }

    // What it hits is chosen before the first wait, so that faults of one instant choose one after the other.
    private async Task<IReadOnlyList<FaultOutcome>> InjectAsync(
        FaultHealing healing, string failure, int number, Fault fault, CancellationToken cancellation)
    {
        var kind = kinds.Of(fault);
        IReadOnlyList<FaultTarget> targets;
        try
        {
            targets = kind.Targets(scene, fault);
        }
        catch (FaultMatrixException e)
        {
            return [WithoutTarget($"{number}", failure, fault, e)];
        }

        using var underWay = scene.Begin(targets);

        // Before the fault's own time is stamped: it is no part of it.
        await Task.WhenAll(targets.Select(target => kind.PrepareAsync(scene, target, cancellation)));
        scene.Log.Injecting(Describe(fault, kind, targets));
        FaultContext Of(FaultTarget target, int i) => new($"{number}.{i + 1}", failure, fault, kind, target, scene);
        return kind.OneAfterAnother && targets.Count > 1
            ? await InTurnAsync(healing, [.. targets.Select(Of)], cancellation)
            : await Task.WhenAll(targets.Select((target, i) => OneAsync(healing, Of(target, i), cancellation)));
    }

    private async Task<IReadOnlyList<FaultOutcome>> InTurnAsync(
        FaultHealing healing, IReadOnlyList<FaultContext> contexts, CancellationToken cancellation)
    {
        var outcomes = new List<FaultOutcome>();
        foreach (var context in contexts)
        {
            // As it is now: it may have restarted since it was chosen.
            var target = context.Target is PodTarget pod
                && scene.Watch.Find(pod.Pod.Uid) is { } now ? pod with { Pod = now } : context.Target;
            outcomes.Add(await OneAsync(healing, context with { Target = target }, cancellation));
            if (context != contexts[^1] && outcomes[^1].Proof is not null && target is PodTarget hit)
            {
                await PodBack.WaitAsync(scene, hit, cancellation);
            }
        }

        return outcomes;
    }

    private async Task<FaultOutcome> OneAsync(FaultHealing healing, FaultContext context, CancellationToken cancellation)
    {
        try
        {
            var proof = context.Kind is IUndoneFaultKind undone
                ? await healing.RunAsync(undone, context, cancellation)
                : await context.Kind.InjectAsync(context, cancellation);
            context.Say($"Fault {context.Id} on {context.Target.Name} proven: {proof.Text}");
            return new FaultOutcome(context.Id, context.Target.Service, context.Target.Name, proof, null);
        }
        catch (FaultMatrixException e)
        {
            scene.Log.Error(FaultContext.Log, $"Fault {context.Id} not proven: {e.Code}: {e.Message}");
            context.Write(new FaultUnproven { Proof = $"{e.Code}: {e.Message}" });
            return new FaultOutcome(context.Id, context.Target.Service, context.Target.Name, null, e);
        }
    }

    private FaultOutcome WithoutTarget(string id, string failure, Fault fault, FaultMatrixException error)
    {
        var why = $"{error.Code}: {error.Message}";
        scene.Log.Error(FaultContext.Log, $"Fault {id} not proven: {why}");
        scene.Timeline.Write(new FaultUnproven { Id = id, Failure = failure, Service = fault.Target, Proof = why });
        return new FaultOutcome(id, fault.Target, null, null, error);
    }

    // The form of the reference suite's own record, for its newer parser, which splits what stands between the brackets.
    private static string Describe(Fault fault, IFaultKind kind, IReadOnlyList<FaultTarget> targets)
    {
        var name = targets[0].Service.Length > 0 ? targets[0].Service : targets[0].Name;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Failure(time={fault.After.TotalSeconds:0.###}, pod_name='{name}', command='{kind.Words.Command(fault)}', ")
            + $"signal='{kind.Words.Signal(fault)}', replicas={targets.Count})";
    }
}
