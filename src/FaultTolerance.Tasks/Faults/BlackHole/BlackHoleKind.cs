using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.BlackHole;

/// <summary>Drops all that comes to pods, and tells nobody.</summary>
internal sealed class BlackHoleKind : NetworkFaultKind<BlackHoleFault>
{
    /// <inheritdoc/>
    public override string Kind => BlackHoleFault.Word;

    /// <inheritdoc/>
    public override string Summary => "drops all that comes to the pod, and tells nobody, for a while";

    /// <inheritdoc/>
    public override string Proof => "a connection from within has no answer, neither a refusal";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<BlackHoleFault>(
        _ => BlackHoleFault.Word, fault => "drops all that comes to", fault => "black hole", "Nothing came through to");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new BlackHoleFault
        {
            From = NetworkKeys.ReadFrom(item), Port = NetworkKeys.ReadPort(item), For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(BlackHoleFault fault) => new() { ["drop"] = true };

    /// <inheritdoc/>
    protected override string? Verdict(BlackHoleFault fault) => "counter drop";

    /// <inheritdoc/>
    protected override string? Proves(BlackHoleFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        now.End == ReachEnd.Silent ? now.ToString() : null;
}
