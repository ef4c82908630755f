using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Loss;

/// <summary>Has a share of the packets of pods be lost, which TCP sends again.</summary>
internal sealed class LossKind : NetworkFaultKind<LossFault>
{
    private static readonly NumberKey Amount = new("percent", "packets of answers that are lost, percent.", 0.1, 100, 10);

    /// <inheritdoc/>
    public override string Kind => LossFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has a share of the packets from the pod be lost for a while";

    /// <inheritdoc/>
    public override string Proof => "packets were dropped, as the kernel counts, while connections were tried from within";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<LossFault>(
        _ => LossFault.Word,
        fault => $"loses {NetworkKeys.Text(fault.Percent)} % of the packets of",
        fault => $"loss {NetworkKeys.Text(fault.Percent)} %",
        "Packets were lost from");

    /// <inheritdoc/>
    protected override ImmutableArray<FaultKey> OwnKeys { get; } = [Amount];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new LossFault
        {
            Percent = Amount.Read(item),
            From = NetworkKeys.ReadFrom(item), Port = NetworkKeys.ReadPort(item), For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(LossFault fault) => new() { ["lossPercent"] = fault.Percent };

    /// <inheritdoc/>
    protected override string? Queue(LossFault fault) => $"netem loss {NetworkKeys.Text(fault.Percent)}%";

    /// <inheritdoc/>
    protected override string? Proves(LossFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        counts.Dropped > 0 ? $"{now}, and {counts.Dropped} packets were dropped" : null;
}
