using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using k8s.Models;

namespace FaultTolerance.Tests.Faults.Toy;

/// <summary>A label that a pod wears for a while.</summary>
internal sealed record ToyFault(string Label, TimeSpan For) : Fault
{
    public override string Kind => "toy";
}

internal sealed class ToyFaultKind : PodFaultKind<ToyFault>, IUndoneFaultKind
{
    public override string Kind => "toy";

    public override string Summary => "puts a label on the pod for a while";

    public override string Proof => "the pod wears the label";

    public string Undoing => "the label is taken off; proven when the pod has it no more.";

    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        new("label", new JsonObject { ["type"] = "string", ["minLength"] = 1 }, "the label.", Required: true),
        new("for", new JsonObject { ["type"] = "number", ["minimum"] = 0 }, "seconds that it stays."),
    ];

    public override IFaultWords Words { get; } = new ToyWords();

    public override IReadOnlyList<Permission> Permissions { get; } = [new("patch", "", "pods")];

    public override Fault Read(ObjectReader item) =>
        new ToyFault(item.Text("label", required: true) ?? "", item.Seconds("for", TimeSpan.FromSeconds(1)));

    public TimeSpan Lasts(Fault fault) => ((ToyFault)fault).For;

    public Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation) =>
        Task.FromResult(new JsonObject { ["pod"] = context.Target.Name, ["label"] = ((ToyFault)context.Fault).Label });

    public async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        var (pod, label) = (undo["pod"]!.GetValue<string>(), undo["label"]!.GetValue<string>());
        await session.PatchAsync(ResourceType.Pods, pod, Patch(label, null), cancellation);
        var now = await session.FindAsync<V1Pod>(ResourceType.Pods, pod, cancellation);
        return now?.Metadata.Labels.ContainsKey(label) == true
            ? throw new FaultMatrixException("FT0690", $"{label} is still there")
            : $"{label} is gone";
    }

    protected override async Task<FaultProof> InjectAsync(
        FaultContext context,
        ToyFault fault,
        PodTarget target,
        CancellationToken cancellation
    )
    {
        var issued = context.Write(new FaultIssued());
        await context.Session.PatchAsync(ResourceType.Pods, target.Name, Patch(fault.Label, "worn"), cancellation);
        await context.Watch.WhenAsync(
            _ => context.Watch.Find(target.Pod.Uid) is { } pod && pod.Object.Metadata.Labels.ContainsKey(fault.Label) ? pod : null,
            cancellation
        );
        var landed = context.Write(new FaultLanded { Proof = $"{fault.Label} is worn" });
        return new FaultProof(issued, landed, $"{fault.Label} is worn");
    }

    private static JsonObject Patch(string label, string? value) =>
        new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } };
}
