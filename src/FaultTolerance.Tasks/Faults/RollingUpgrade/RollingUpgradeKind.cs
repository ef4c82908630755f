using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Faults.Workloads;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.RollingUpgrade;

/// <summary>Upgrades a service under load: every pod comes anew with the new image, or with the new value of a variable.</summary>
internal sealed class RollingUpgradeKind : ServiceFaultKind<RollingUpgradeFault>
{
    private const string ImageKey = "image";
    private const string VariableKey = "variable";
    private const string ValueKey = "value";

    /// <inheritdoc/>
    public override string Kind => RollingUpgradeFault.Word;

    /// <inheritdoc/>
    public override string Summary => "upgrades the service by rolling out pods with another image, or another value of a variable";

    /// <inheritdoc/>
    public override string Proof =>
        "every pod of the service is new, ready and has what it should; with the fewest that were ready meanwhile and their restarts";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(ImageKey, "the new image; else `variable` and `value` are needed."),
        FaultKey.Text(VariableKey, "an environment variable of the new version."),
        FaultKey.Text(ValueKey, "its value."),
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<RollingUpgradeFault>(
        fault => fault.Image ?? fault.Variable ?? "",
        fault => $"rolls out {fault.Image ?? $"another {fault.Variable}"} in", _ => "rolling upgrade", "A new version was rolled out of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var fault = new RollingUpgradeFault { Image = item.Text(ImageKey), Variable = item.Text(VariableKey), Value = item.Text(ValueKey) };
        var one = fault.Image is not null ^ (fault is { Variable: not null, Value: not null });
        return one && fault.Variable is null == fault.Value is null ? fault : item.Fault(
            ScenarioCodes.BadValue, "", "a rollingUpgrade has either 'image', or 'variable' and 'value'", fault);
    }

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(FaultContext context, RollingUpgradeFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var places = PlacesOf(context);
        var rollout = new Rollout(context, ServiceOf(context), places);
        return fault.Image is { } image
            ? rollout.RunAsync(places.Image, JsonValue.Create(image), pod => pod.MainContainer.Image == image, cancellation)
            : rollout.RunAsync(
                places.Variable(fault.Variable!),
                new JsonObject { ["name"] = fault.Variable, ["value"] = fault.Value },
                pod => Has(pod, fault),
                cancellation);
    }

    private static bool Has(GraphPod pod, RollingUpgradeFault fault) =>
        pod.MainContainer.Env?.Any(env => env.Name == fault.Variable && env.Value == fault.Value) == true;
}
