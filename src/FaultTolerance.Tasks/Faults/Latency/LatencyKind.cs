using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Latency;

/// <summary>Has answers of pods come later.</summary>
internal sealed class LatencyKind : NetworkFaultKind<LatencyFault>
{
    private static readonly NumberKey Amount = new("milliseconds", "milliseconds that are added to each answer.", 1, 60_000, 100);
    private const double Enough = 0.8;

    /// <inheritdoc/>
    public override string Kind => LatencyFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has answers of the pod come later for a while";

    /// <inheritdoc/>
    public override string Proof => "a connection from within takes longer by at least four fifths of it";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<LatencyFault>(
        _ => LatencyFault.Word,
        fault => $"adds {NetworkKeys.Text(fault.Milliseconds)} ms to answers of",
        fault => $"latency {NetworkKeys.Text(fault.Milliseconds)} ms",
        "Answers came later from");

    /// <inheritdoc/>
    protected override ImmutableArray<FaultKey> OwnKeys { get; } = [Amount];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new LatencyFault
        {
            Milliseconds = Amount.Read(item),
            From = NetworkKeys.ReadFrom(item), Port = NetworkKeys.ReadPort(item), For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(LatencyFault fault) => new() { ["latencyMilliseconds"] = fault.Milliseconds };

    /// <inheritdoc/>
    protected override string? Queue(LatencyFault fault) => $"netem delay {NetworkKeys.Text(fault.Milliseconds)}ms";

    /// <inheritdoc/>
    protected override string? Proves(LatencyFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        now.IsMade && now.Milliseconds - beforeMilliseconds >= fault.Milliseconds * Enough ? now.ToString() : null;
}
