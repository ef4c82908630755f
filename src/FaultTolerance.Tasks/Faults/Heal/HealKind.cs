using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Heal;

/// <summary>A step that undoes faults that last before their time. The injector carries it out itself: it breaks nothing.</summary>
internal sealed class HealKind : FaultKind<HealStep>
{
    private const string StepKey = "step";
    private const int MostSteps = 10_000;

    /// <inheritdoc/>
    public override string Kind => HealStep.Word;

    /// <inheritdoc/>
    public override string Summary => "is a step that breaks nothing: it undoes faults that last before their time";

    /// <inheritdoc/>
    public override FaultAim Aim => FaultAim.Other;

    /// <inheritdoc/>
    public override string Proof => "the proof of each undo, as the fault's own kind gives it";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        new(
            StepKey,
            new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = MostSteps },
            "the number of the step in its list whose fault is undone, from 1; else all before it."),
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<HealStep>(_ => HealStep.Word, Said, _ => "heal", "Faults were undone on");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new HealStep { Step = item.Has(StepKey) ? item.Int(StepKey, 1, 1, MostSteps) : null };
    }

    /// <inheritdoc/>
    protected override FaultPlan Plan(HealStep fault, Graph graph) => new(Said(fault), "heal", "");

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, HealStep fault) => [];

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(FaultContext context, HealStep fault, CancellationToken cancellation) =>
        throw new InvalidOperationException("a heal step is carried out by the injector");

    private static string Said(HealStep fault) => fault.Step is { } step
        ? string.Create(CultureInfo.InvariantCulture, $"undoes step {step}") : "undoes all faults that last";
}
