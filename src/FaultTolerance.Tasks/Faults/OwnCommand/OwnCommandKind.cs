using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.OwnCommand;

/// <summary>
/// Runs a command of the file's author in a container. Its own check says that it landed, and after its own undo that it is over.
/// </summary>
internal sealed class OwnCommandKind : ContainerFaultKind<OwnCommandFault>
{
    private const string RunKey = "run";
    private const string UndoKey = "undo";
    private const string CheckKey = "check";

    private const string Script = $$"""
        {{WorkScript.Head}}
        ( wait_out; /bin/sh -c "$2" ) </dev/null >/dev/null 2>&1 &
        /bin/sh -c "$1" </dev/null >/dev/null || { echo "refused $?"; exit 0; }
        while ! /bin/sh -c "$3" </dev/null >/dev/null 2>&1; do nap; done
        echo proven
        """;

    private const string Undone = """
        /bin/sh -c "$1" </dev/null >/dev/null || { echo "refused $?"; exit 0; }
        n=0
        while /bin/sh -c "$2" </dev/null >/dev/null 2>&1; do
          n=$((n + 1)); [ $n -lt 200 ] || { echo 'still broken'; exit 0; }
          sleep 0.1 2>/dev/null || sleep 1
        done
        echo undone
        """;

    /// <inheritdoc/>
    public override string Kind => OwnCommandFault.Word;

    /// <inheritdoc/>
    public override string Summary => "runs a command of your own in the container, with its own undo and its own proof";

    /// <inheritdoc/>
    public override string Proof => "`check` ends with 0";

    /// <inheritdoc/>
    public override string Undoing =>
        "`undo` is run; proven when `check` ends with something else than 0. Where nobody comes, a guard in the container runs `undo` 30 s "
        + "after the fault's end. What the three say stands in the namespace while the fault lasts: no secret belongs there.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(RunKey, "shell script that breaks something.") with { Required = true },
        FaultKey.Text(UndoKey, "shell script that undoes it, and does no harm where there is nothing to undo.") with { Required = true },
        FaultKey.Text(CheckKey, "shell script that ends with 0 while it is broken, else with another code.") with { Required = true },
        CommonKeys.For,
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<OwnCommandFault>(
        fault => fault.Run, fault => $"runs '{ForeignText.Line(fault.Run, 60)}' in", _ => "own command", "A command was run in");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new OwnCommandFault
        {
            Run = item.Text(RunKey, required: true) ?? "",
            Undo = item.Text(UndoKey, required: true) ?? "",
            Check = item.Text(CheckKey, required: true) ?? "",
            For = CommonKeys.ReadFor(item),
            Container = CommonKeys.ReadContainer(item),
        };
    }

    // What it broke may outlive the container: it is undone in whichever runs next.
    /// <inheritdoc/>
    public override async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(undo);
        var pod = LeftPod.Of(session, undo);
        return await pod.WhenRunsAsync(cancellation) ? await EndAsync(pod, undo, cancellation) : $"pod '{pod.Name}' is gone";
    }

    /// <inheritdoc/>
    protected override void Note(OwnCommandFault fault, JsonObject undo)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(undo);
        undo[UndoKey] = fault.Undo;
        undo[CheckKey] = fault.Check;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Start(OwnCommandFault fault, string token, int seconds) =>
        WorkScript.Start(Script, token, seconds, fault.Run, fault.Undo, fault.Check);

    /// <inheritdoc/>
    protected override string? Proves(OwnCommandFault fault, PodTarget target, string line) => line.Split(' ') switch
    {
        ["proven"] => $"its check says so: {ForeignText.Line(fault.Check, 120)}",
        ["refused", var code] => throw new FaultMatrixException(
            "FT0622", $"the command in pod '{target.Name}' ended with {code}: {ForeignText.Line(fault.Run, 120)}"),
        _ => null,
    };

    /// <inheritdoc/>
    protected override async Task<string> EndAsync(LeftPod pod, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(undo);
        await Work.EndAsync(pod, undo, cancellation);
        string[] scripts = [undo[UndoKey]!.GetValue<string>(), undo[CheckKey]!.GetValue<string>()];
        var result = await pod.RunAsync(["/bin/sh", "-c", Undone, ProcessScript.Marker, .. scripts], cancellation);
        return result.Output.Trim() == "undone" ? "its check says that it is over" : throw new FaultMatrixException(
            "FT0615",
            $"the undo in pod '{pod.Name}' is not proven: {ForeignText.Line($"{result.Output} {result.Errors} {result.Failure}".Trim())}");
    }
}
