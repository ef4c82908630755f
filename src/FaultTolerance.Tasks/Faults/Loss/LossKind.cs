using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Loss;

/// <summary>Has a share of the packets of pods be lost, which TCP sends again.</summary>
internal sealed class LossKind : NetworkFaultKind<LossFault>
{
    private const string Key = "percent";
    private const double Least = 0.1, Most = 100, Otherwise = 10;

    /// <inheritdoc/>
    public override string Kind => LossFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has a share of the packets from the pod be lost for a while";

    /// <inheritdoc/>
    public override string Proof => "packets were dropped, as the kernel counts, while connections were tried from within";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<LossFault>(
        _ => LossFault.Word,
        fault => $"loses {Text(fault.Percent)} % of the packets of",
        fault => $"loss {Text(fault.Percent)} %",
        "Packets were lost from");

    /// <inheritdoc/>
    protected override ImmutableArray<FaultKey> OwnKeys { get; } =
        [NetworkKeys.Number(Key, "packets of answers that are lost, percent.", Least, Most, Otherwise)];

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new LossFault
        {
            Percent = item.Number(Key, Otherwise, Least, Most),
            From = NetworkKeys.ReadFrom(item), Port = NetworkKeys.ReadPort(item), For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(LossFault fault) => new() { ["lossPercent"] = fault.Percent };

    /// <inheritdoc/>
    protected override string? Queue(LossFault fault) => $"netem loss {Text(fault.Percent)}%";

    /// <inheritdoc/>
    protected override string? Proves(LossFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        counts.Dropped > 0 ? $"{now}, and {counts.Dropped} packets were dropped" : null;

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
