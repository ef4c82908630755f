using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Words;
using FaultTolerance.Faults.Workloads;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.RollingRestart;

/// <summary>
/// Gives a service new pods as <c>kubectl rollout restart</c> does: a stamp in the pods' template. A DynamoGraphDeployment has none for one
/// service, so there a variable holds the stamp.
/// </summary>
internal sealed class RollingRestartKind : ServiceFaultKind<RollingRestartFault>
{
    private const string Variable = "FAULTMATRIX_RESTARTED_AT";
    private static readonly string[] Annotation = ["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"];

    /// <inheritdoc/>
    public override string Kind => RollingRestartFault.Word;

    /// <inheritdoc/>
    public override string Summary => "restarts the service by rolling out new pods of the same";

    /// <inheritdoc/>
    public override string Proof => "every pod of the service is new and ready; with the fewest that were ready meanwhile";

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<RollingRestartFault>(
        _ => "rolling_restart", _ => "rolls out new pods of", _ => "rolling restart", "New pods were rolled out of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new RollingRestartFault();

    /// <inheritdoc/>
    protected override Task<FaultProof> InjectAsync(FaultContext context, RollingRestartFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var places = PlacesOf(context);
        var stamp = RunClock.Format(context.Timeline.Clock.Now);
        var rollout = new Rollout(context, ServiceOf(context), places);
        return places.Object.Type == ResourceType.Deployments
            ? rollout.RunAsync(Annotation, JsonValue.Create(stamp), _ => true, cancellation)
            : rollout.RunAsync(
                places.Variable(Variable), new JsonObject { ["name"] = Variable, ["value"] = stamp }, _ => true, cancellation);
    }
}
