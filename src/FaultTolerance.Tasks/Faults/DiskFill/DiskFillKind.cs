using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.DiskFill;

/// <summary>
/// Fills a folder of the container, as an emptyDir, with one file of a bounded size. A guard in the container removes it.
/// </summary>
internal sealed class DiskFillKind : ContainerFaultKind<DiskFillFault>
{
    private const string PathKey = "path";
    private static readonly WholeKey MegabytesKey = new("megabytes", "MiB at most.", 1, 1024 * 1024) { Required = true };

    private const string Script = $$"""
        {{WorkScript.Head}}
        for tool in dd rm wc; do command -v "$tool" >/dev/null 2>&1 || { echo "missing $tool"; exit 0; }; done
        [ -d "$1" ] || { echo "missing $1"; exit 0; }
        f=$1/.$tok
        ( wait_out; rm -f "$f" ) </dev/null >/dev/null 2>&1 &
        if dd if=/dev/zero of="$f" bs=1048576 count="$2" 2>/dev/null; then how=filled; else how=full; fi
        [ -s "$f" ] && echo "$how $(wc -c <"$f")"
        """;

    private const string Remove = """
        rm -f "$1/.$2"
        [ -e "$1/.$2" ] || echo gone
        """;

    /// <inheritdoc/>
    public override string Kind => DiskFillFault.Word;

    /// <inheritdoc/>
    public override string Summary => "fills a folder of the container, as an emptyDir, for a while";

    /// <inheritdoc/>
    public override string Proof => "the file has its size, or the disk took no more of it";

    /// <inheritdoc/>
    public override string Undoing =>
        "the file is removed; proven when it is not there. Where nobody comes, a guard in the container removes it 30 s after the "
            + "fault's end; "
        + "where the container restarted meanwhile, the next command does.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(PathKey, "folder in the container, as an emptyDir's mount.") with { Required = true },
        MegabytesKey,
        CommonKeys.For,
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<DiskFillFault>(
        fault => fault.Path, fault => $"fills {fault.Path} with {Size(fault)} MiB in", fault => $"fill {fault.Path}",
            "A folder was filled in");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new DiskFillFault
        {
            Path = item.Text(PathKey, required: true) ?? "",
            Megabytes = MegabytesKey.Read(item),
            For = CommonKeys.ReadFor(item),
            Container = CommonKeys.ReadContainer(item),
        };
    }

    // A volume outlives its container: the file goes in whichever runs next.
    /// <inheritdoc/>
    public override async Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(undo);
        var pod = LeftPod.Of(session, undo);
        return await pod.WhenRunsAsync(cancellation)
            ? await EndAsync(pod, undo, cancellation) : $"pod '{pod.Name}' is gone, and its volumes with it";
    }

    /// <inheritdoc/>
    protected override void Note(DiskFillFault fault, JsonObject undo)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(undo);
        undo["path"] = fault.Path;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Start(DiskFillFault fault, string token, int seconds) =>
        WorkScript.Start(Script, token, seconds, fault.Path, Size(fault));

    /// <inheritdoc/>
    protected override string? Proves(DiskFillFault fault, PodTarget target, string line) => line.Split(' ') switch
    {
        ["filled", var bytes] => $"the file holds {bytes} bytes",
        ["full", var bytes] => $"the disk is full: it took {bytes} bytes and no more",
        _ => null,
    };

    /// <inheritdoc/>
    protected override async Task<string> EndAsync(LeftPod pod, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(undo);
        await Work.EndAsync(pod, undo, cancellation);
        var (path, token) = (undo["path"]!.GetValue<string>(), undo["token"]!.GetValue<string>());
        var result = await pod.RunAsync(["/bin/sh", "-c", Remove, ProcessScript.Marker, path, token], cancellation);
        return result.Output.Trim() == "gone" ? $"the file in {path} is gone" : throw new FaultMatrixException(
            "FT0615", $"the file {path}/.{token} in pod '{pod.Name}' cannot be removed: {ForeignText.Line(result.Errors)}");
    }

    private static string Size(DiskFillFault fault) => fault.Megabytes.ToString(CultureInfo.InvariantCulture);
}
