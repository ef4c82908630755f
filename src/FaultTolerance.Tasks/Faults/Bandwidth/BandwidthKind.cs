using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Bandwidth;

/// <summary>Has pods answer with few bytes in a second.</summary>
internal sealed class BandwidthKind : NetworkFaultKind<BandwidthFault>
{
    private static readonly NumberKey Amount = new("kilobytesPerSecond", "most kilobytes of answers in a second.", 0.1, 1_000_000, 10);

    /// <inheritdoc/>
    public override string Kind => BandwidthFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has the pod answer with few bytes in a second for a while";

    /// <inheritdoc/>
    public override string Proof =>
        "answers had to wait for their turn, as the kernel or the cluster counts, while connections were tried from within";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<BandwidthFault>(
        _ => BandwidthFault.Word,
        fault => $"lets through {NetworkKeys.Text(fault.KilobytesPerSecond)} KB a second of",
        fault => $"{NetworkKeys.Text(fault.KilobytesPerSecond)} KB/s",
        "Few bytes a second came from");

    /// <inheritdoc/>
    protected override ImmutableArray<FaultKey> OwnKeys { get; } = [Amount];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new BandwidthFault
        {
            KilobytesPerSecond = Amount.Read(item),
            From = NetworkKeys.ReadFrom(item), Port = NetworkKeys.ReadPort(item), For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(BandwidthFault fault) => new() { ["bytesPerSecond"] = fault.KilobytesPerSecond * 1000 };

    /// <inheritdoc/>
    protected override string? Queue(BandwidthFault fault) =>
        $"tbf rate {NetworkKeys.Text(fault.KilobytesPerSecond * 8)}kbit burst 1540 latency 30s";

    /// <inheritdoc/>
    protected override string? Proves(BandwidthFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        counts.Delayed > 0 ? $"{now}, and {counts.Delayed} pieces had to wait" : null;
}
