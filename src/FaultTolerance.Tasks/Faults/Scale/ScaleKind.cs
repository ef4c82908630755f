using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Faults.Workloads;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Scale;

/// <summary>Gives a service another number of replicas for a while, and then its own again.</summary>
internal sealed class ScaleKind : ChangedServiceKind<ScaleFault>
{
    private static readonly WholeKey ToKey = new("to", "replicas.", 0, 1000) { Required = true };

    /// <inheritdoc/>
    public override string Kind => ScaleFault.Word;

    /// <inheritdoc/>
    public override string Summary => "gives the service another number of replicas for a while";

    /// <inheritdoc/>
    public override string Proof => "the service has so many pods that are not being removed";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        ToKey,
        CommonKeys.For,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<ScaleFault>(
        _ => ScaleFault.Word, fault => $"scales to {To(fault)}", fault => $"scale to {To(fault)}", "Replicas were changed of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) =>
        new ScaleFault { To = ToKey.Read(item), For = CommonKeys.ReadFor(item) };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Place(ScaleFault fault, ServicePlaces places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return places.Replicas;
    }

    /// <inheritdoc/>
    protected override JsonNode Value(ScaleFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return JsonValue.Create(fault.To);
    }

    /// <inheritdoc/>
    protected override string? Proves(ScaleFault fault, IReadOnlyList<GraphPod> pods, IReadOnlySet<string> before)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return pods.Count(pod => !pod.IsTerminating) == fault.To ? $"{To(fault)} pods, before {before.Count}" : null;
    }

    private static string To(ScaleFault fault) => fault.To.ToString(CultureInfo.InvariantCulture);
}
