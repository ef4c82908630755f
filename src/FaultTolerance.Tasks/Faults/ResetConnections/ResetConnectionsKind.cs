using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.ResetConnections;

/// <summary>Resets the connections to pods, those that are there and new ones.</summary>
internal sealed class ResetConnectionsKind : NetworkFaultKind<ResetConnectionsFault>
{
    /// <inheritdoc/>
    public override string Kind => ResetConnectionsFault.Word;

    /// <inheritdoc/>
    public override string Summary => "resets the connections to the pod, new ones too, for a while";

    /// <inheritdoc/>
    public override string Proof => "a connection from within is refused or reset";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<ResetConnectionsFault>(
        _ => ResetConnectionsFault.Word, fault => "resets the connections to", fault => "reset", "Connections were reset to");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new ResetConnectionsFault
        {
            From = NetworkKeys.ReadFrom(item), Port = NetworkKeys.ReadPort(item), For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(ResetConnectionsFault fault) => new() { ["reset"] = true };

    /// <inheritdoc/>
    protected override string? Verdict(ResetConnectionsFault fault) => "meta l4proto tcp counter reject with tcp reset";

    /// <inheritdoc/>
    protected override string? Proves(ResetConnectionsFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        now.End is ReachEnd.Refused or ReachEnd.Reset || (now.End == ReachEnd.Closed && counts.Resets > 0) ? now.ToString() : null;
}
