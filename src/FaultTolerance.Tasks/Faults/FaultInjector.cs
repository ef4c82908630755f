using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Faults.Waiting;
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
    /// <remarks>Where <see cref="FaultOptions.Stop"/> is asked for, the same, but what was done until then is returned.</remarks>
    public async Task<IReadOnlyList<FaultOutcome>> RunAsync(Failure failure, DateTimeOffset firstRequest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(failure);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, scene.Options.Stop);
        var running = new List<Task<IReadOnlyList<FaultOutcome>>>();
        IReadOnlyList<FaultOutcome>[] outcomes;
        using var journal = scene.Options.Journal is { } path ? new FaultJournal(path) : null;
        var healing = new FaultHealing(journal);
        try
        {
            await OrderAsync(failure, firstRequest, healing, running, both.Token);
        }
        catch (OperationCanceledException) when (IsStopped(cancellation))
        {
            var left = failure.Faults.Length - running.Count;
            scene.Log.Error(FaultContext.Log, $"The load was stopped: {left} of {failure.Faults.Length} faults are left out");
        }
        finally
        {
            // Those under way end first, as they write to the journal.
            outcomes = await Task.WhenAll(running);
        }

        return [.. outcomes.SelectMany(fault => fault)];
    }

    // Each by its own time alone: a fault whose proof takes long holds up none of those after it.
    private async Task OrderAsync(
        Failure failure, DateTimeOffset firstRequest, FaultHealing healing, List<Task<IReadOnlyList<FaultOutcome>>> running,
        CancellationToken cancellation)
    {
        var (due, failed) = (firstRequest, scene.Options.Load?.Failed ?? 0);
        foreach (var fault in failure.Faults)
        {
            if (fault.When is FaultStart.Healed or FaultStart.Ready && running.Count > 0)
            {
                await FaultsBefore.EndAsync(scene, running, fault, cancellation);
                due = scene.Timeline.Clock.Now;
            }
            else if (fault.When is not (FaultStart.Time or FaultStart.Healed or FaultStart.Ready))
            {
                await FaultWait.UntilAsync(scene, fault, failed, cancellation);
                due = scene.Timeline.Clock.Now;
            }

            due += fault.After;
            var wait = due - scene.Timeline.Clock.Now;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, scene.Session.Time, cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
            failed = scene.Options.Load?.Failed ?? 0;
            running.Add(fault is HealStep heal ? HealAsync(heal, running.Count)
                : InjectAsync(healing, failure.Name, running.Count + 1, fault, cancellation));
        }
    }

    // It breaks nothing: the faults' own outcomes tell of their undo.
    private async Task<IReadOnlyList<FaultOutcome>> HealAsync(HealStep heal, int before)
    {
        foreach (var step in heal.Step is { } one ? [one] : Enumerable.Range(1, before))
        {
            scene.Log.Info(FaultContext.Log, $"Step {step} is to be undone now");
            await scene.EarlyEnds.EndAsync(step);
        }

        return [];
    }

    // Else whoever runs this is to end, and gets no outcomes.
    private bool IsStopped(CancellationToken cancellation) =>
        scene.Options.Stop.IsCancellationRequested && !cancellation.IsCancellationRequested;

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
        try
        {
            await Task.WhenAll(targets.Select(target => kind.PrepareAsync(scene, target, cancellation)));
        }
        catch (OperationCanceledException) when (scene.Options.Stop.IsCancellationRequested)
        {
            return [];
        }

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
            if (context != contexts[^1] && outcomes[^1].Proof is not null && target is PodTarget hit
                && !await IsBackAsync(hit, cancellation))
            {
                return outcomes;
            }
        }

        return outcomes;
    }

    // False where the faults are to stop meanwhile.
    private async Task<bool> IsBackAsync(PodTarget hit, CancellationToken cancellation)
    {
        try
        {
            await PodBack.WaitAsync(scene, hit, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (scene.Options.Stop.IsCancellationRequested)
        {
            return false;
        }
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
        catch (OperationCanceledException) when (scene.Options.Stop.IsCancellationRequested)
        {
            return Unproven(context, new FaultMatrixException("FT0640", "the load was stopped before there was a proof"));
        }
        catch (FaultMatrixException e)
        {
            return Unproven(context, e);
        }
    }

    private FaultOutcome Unproven(FaultContext context, FaultMatrixException e)
    {
        scene.Log.Error(FaultContext.Log, $"Fault {context.Id} not proven: {e.Code}: {e.Message}");
        context.Write(new FaultUnproven { Proof = $"{e.Code}: {e.Message}" });
        return new FaultOutcome(context.Id, context.Target.Service, context.Target.Name, null, e);
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
