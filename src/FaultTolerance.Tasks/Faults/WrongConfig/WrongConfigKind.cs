using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Faults.Workloads;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.WrongConfig;

/// <summary>Rolls out a wrong value of a variable, and rolls back.</summary>
internal sealed class WrongConfigKind : ChangedServiceKind<WrongConfigFault>
{
    private const string VariableKey = "variable";
    private const string ValueKey = "value";

    /// <inheritdoc/>
    public override string Kind => WrongConfigFault.Word;

    /// <inheritdoc/>
    public override string Summary => "rolls out a wrong value of an environment variable, and rolls back after a while";

    /// <inheritdoc/>
    public override string Proof => "a new pod of the service has the value";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(VariableKey, "the environment variable.") with { Required = true },
        FaultKey.Text(ValueKey, "its value.") with { Required = true },
        CommonKeys.For,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<WrongConfigFault>(
        fault => fault.Variable, fault => $"rolls out another {fault.Variable} in", fault => $"wrong {fault.Variable}",
            "A wrong value was rolled out in");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new WrongConfigFault
        {
            Variable = item.Text(VariableKey, required: true) ?? "",
            Value = item.Text(ValueKey, required: true) ?? "",
            For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Place(WrongConfigFault fault, ServicePlaces places)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(places);
        return places.Variable(fault.Variable);
    }

    /// <inheritdoc/>
    protected override JsonNode Value(WrongConfigFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new JsonObject { ["name"] = fault.Variable, ["value"] = fault.Value };
    }

    /// <inheritdoc/>
    protected override string? Proves(WrongConfigFault fault, IReadOnlyList<GraphPod> pods, IReadOnlySet<string> before)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(before);
        var has = pods.FirstOrDefault(pod => !before.Contains(pod.Uid)
            && pod.MainContainer.Env?.Any(env => env.Name == fault.Variable && env.Value == fault.Value) == true);
        return has is null ? null : $"{has.Name} has {fault.Variable}";
    }
}
