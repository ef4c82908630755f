using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Network;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DnsFailure;

/// <summary>Has names not resolve in pods: nothing that the name server says comes in.</summary>
internal sealed class DnsFailureKind : NetworkFaultKind<DnsFailureFault>
{
    private const string NameKey = "name";

    /// <inheritdoc/>
    public override string Kind => DnsFailureFault.Word;

    /// <inheritdoc/>
    public override string Summary => "has names not resolve in the pod for a while";

    /// <inheritdoc/>
    public override string Proof => "a look-up from within has no answer";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(NameKey, $"the name that is looked up for the proofs; default: {DnsFailureFault.EveryClusters}."),
        CommonKeys.For,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<DnsFailureFault>(
        _ => DnsFailureFault.Word, _ => "has names not resolve in", _ => "DNS failure", "Names did not resolve in");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new DnsFailureFault { Name = item.Text(NameKey) ?? DnsFailureFault.EveryClusters, For = CommonKeys.ReadFor(item) };
    }

    /// <inheritdoc/>
    protected override JsonObject Spec(DnsFailureFault fault) => new() { ["names"] = true };

    /// <inheritdoc/>
    protected override string? Verdict(DnsFailureFault fault) => "meta l4proto { tcp, udp } th sport 53 counter drop";

    /// <inheritdoc/>
    protected override string? Proves(DnsFailureFault fault, double beforeMilliseconds, Reach now, NetworkCounts counts) =>
        now.End == ReachEnd.Silent ? now.ToString() : null;

    /// <inheritdoc/>
    protected override ConnectionProbe Probe(FaultContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var target = (PodTarget)context.Target;
        return new ConnectionProbe(
            context.Session, new LeftPod(context.Session, target.Name, target.Pod.Uid, target.Container),
            ((DnsFailureFault)context.Fault).Name, 0, target.Name);
    }
}
