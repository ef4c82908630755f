using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.CutApi;

/// <summary>
/// Cuts this process's own connections to the API server: the graph loses nothing, and the row shows whether it is measured all the same.
/// </summary>
internal sealed class CutApiKind : FaultKind<CutApiFault>, IUndoneFaultKind
{
    private static readonly ApiCall Version = new("get", "/version", null);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override string Kind => CutApiFault.Word;

    /// <inheritdoc/>
    public override string Summary => "cuts the connections of the injecting process to the API server for a while, watches too";

    /// <inheritdoc/>
    public override FaultAim Aim => FaultAim.Other;

    /// <inheritdoc/>
    public override string Proof => "a call of its own to the API server fails, with the number of connections that were broken";

    /// <inheritdoc/>
    public string Undoing =>
        "connections are let through; proven when a call is answered. Where the process is gone, they are gone with it.";

    /// <inheritdoc/>
    public override string Needs =>
        "`--transport service` where the load is to go on. Over port-forwards it is cut off too: those requests are counted apart "
        + "(`own_transport`), are in none of the service's figures, and make the row unsound where they are more than half of all.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } = [CommonKeys.For];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<CutApiFault>(
        _ => CutApiFault.Word, _ => "cuts this tool off from the API server of", _ => "cut API",
        "This tool did not reach the API server of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item) => new CutApiFault { For = CommonKeys.ReadFor(item) };

    /// <inheritdoc/>
    public TimeSpan Lasts(Fault fault) => ((CutApiFault)fault).For;

    /// <inheritdoc/>
    public Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(new JsonObject { ["server"] = context.Session.Server.ToString() });
    }

    /// <inheritdoc/>
    public async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Api.Line.Mend();
        while (await FailureAsync(session, cancellation) is not null)
        {
            await Task.Delay(Look, session.Time, cancellation);
        }

        return $"{session.Server} answers again";
    }

    /// <inheritdoc/>
    protected override FaultPlan Plan(CutApiFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new FaultPlan($"{Words.Plan(fault)} graph {graph.Name}", Words.PlanShort(fault), "");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, CutApiFault fault)
    {
        ArgumentNullException.ThrowIfNull(scene);
        return [new FaultTarget("", scene.Session.Server.Authority)];
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, CutApiFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        context.Say($"Cutting the connections to {context.Session.Server} for {fault.For.TotalSeconds:0.#} s");
        var issued = context.Write(new FaultIssued { OwnWay = true });
        var broken = context.Session.Api.Line.Cut();
        if (await FailureAsync(context.Session, cancellation) is not { } failure)
        {
            throw new FaultMatrixException("FT0606", $"no proof of {Kind}: {context.Session.Server} answers all the same");
        }

        var proof = $"{broken} connections broken; a call fails: {failure}";
        var landed = context.Write(new FaultLanded { Proof = proof });
        return new FaultProof(issued, landed, proof);
    }

    private static async Task<string?> FailureAsync(ClusterSession session, CancellationToken cancellation)
    {
        try
        {
            using var _ = await session.Api.OpenAsync(Version, "/version", cancellation);
            return null;
        }
        catch (ClusterException e)
        {
            return $"{e.Code}: {ForeignText.Line(e.Message)}";
        }
    }
}
