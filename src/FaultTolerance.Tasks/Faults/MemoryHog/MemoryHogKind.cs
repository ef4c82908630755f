using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.MemoryHog;

/// <summary>
/// Takes memory in the service's own container, under its own limit: more than that lets the kernel kill, what it takes or the service.
/// Both are proof.
/// </summary>
internal sealed class MemoryHogKind : ContainerFaultKind<MemoryHogFault>
{
    private static readonly WholeKey MegabytesKey = new("megabytes", "MiB to take.", 1, 1024 * 1024) { Required = true };

    // Blocks of 1, 2, 4, ... MiB as the number's bits ask for them: no text is grown by small steps.
    private const string Script = $$"""
        {{WorkScript.Head}}
        ( c=0123456789abcdef; n=0
          while [ $n -lt 16 ]; do c=$c$c; n=$((n + 1)); done
          mb=$1; i=0
          while [ $mb -gt 0 ]; do
            [ $((mb % 2)) -eq 0 ] || eval "v$i=\$c"
            mb=$((mb / 2)); i=$((i + 1)); [ $mb -eq 0 ] || c=$c$c
          done
          c=; wait_out ) </dev/null >/dev/null 2>&1 &
        hog=$!; need=$(($1 * 1024))
        while :; do
          rss=
          { while read -r k v u; do case $k in VmRSS:) rss=$v;; esac; done; } 2>/dev/null <"/proc/$hog/status"
          [ -n "$rss" ] || { echo "killed"; break; }
          [ "$rss" -lt $need ] || { echo "holds $rss"; break; }
          nap
        done
        """;

    /// <inheritdoc/>
    public override string Kind => MemoryHogFault.Word;

    /// <inheritdoc/>
    public override string Summary => "takes memory in the service's own container for a while, up to its limit and beyond (OOM kill)";

    /// <inheritdoc/>
    public override string Proof => "the process holds that much, or the kernel killed it or the container for it";

    /// <inheritdoc/>
    public override string Undoing =>
        "what holds the memory is killed; proven when it runs no more. Where nobody comes, it ends by itself 30 s after the fault's end.";

    /// <inheritdoc/>
    public override string Needs => "A memory limit on the container, or the node's own memory is what is taken.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        MegabytesKey,
        CommonKeys.For,
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<MemoryHogFault>(
        _ => MemoryHogFault.Word, fault => $"takes {Size(fault)} MiB of memory in", fault => $"take {Size(fault)} MiB",
            "Memory was taken from");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new MemoryHogFault
        {
            Megabytes = MegabytesKey.Read(item),
            For = CommonKeys.ReadFor(item),
            Container = CommonKeys.ReadContainer(item),
        };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Start(MemoryHogFault fault, string token, int seconds) =>
        WorkScript.Start(Script, token, seconds, Size(fault));

    /// <inheritdoc/>
    protected override string? Proves(MemoryHogFault fault, PodTarget target, string line) => line.Split(' ') switch
    {
        ["holds", var kilobytes] => $"the process holds {kilobytes} KiB",
        ["killed"] => "the kernel killed what took the memory",
        _ => null,
    };

    // The kernel may end the whole container, and then nothing in it can tell.
    /// <inheritdoc/>
    protected override async Task<string?> ProvesAsync(
        FaultContext context, MemoryHogFault fault, PodTarget target, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var before = ContainerEnded.Status(target, target.Pod);
        try
        {
            var end = await context.Watch.WhenAsync(
                _ => ContainerEnded.Since(before, target, context.Watch.Find(target.Pod.Uid)), both.Token);
            return end.Reason == "OOMKilled" ? end.Text : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string Size(MemoryHogFault fault) => fault.Megabytes.ToString(CultureInfo.InvariantCulture);
}
