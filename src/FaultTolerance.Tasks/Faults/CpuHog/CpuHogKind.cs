using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.CpuHog;

/// <summary>
/// Takes processor time from the service: loops in its own container, under its own limit. Each looks at the clock and ends.
/// </summary>
internal sealed class CpuHogKind : ContainerFaultKind<CpuHogFault>
{
    private static readonly WholeKey LoopsKey = new("loops", "loops, each takes a processor.", 1, 256) { Otherwise = 1 };

    // utime and stime are fields 14 and 15 of stat, 12 and 13 after the program's name.
    private const string Script = $$"""
        {{WorkScript.Head}}
        up=; { IFS=' ' read -r up rest; } 2>/dev/null </proc/uptime || { echo 'missing /proc/uptime'; exit 0; }
        end=$((${up%.*} + secs)); n=$1; k=0; pids=
        while [ $k -lt $n ]; do
          ( while :; do
              i=0; while [ $i -lt 5000 ]; do i=$((i + 1)); done
              { IFS=' ' read -r up rest; } </proc/uptime && [ "${up%.*}" -lt $end ] || exit 0
            done ) </dev/null >/dev/null 2>&1 &
          pids="$pids $!"; k=$((k + 1))
        done
        while :; do
          busy=0; ticks=0
          for p in $pids; do
            s=; { IFS= read -r s; } 2>/dev/null <"/proc/$p/stat" || continue
            set -f; set -- ${s##*)}; set +f
            shift 11; t=$(($1 + $2)); ticks=$((ticks + t)); [ $t -lt 5 ] || busy=$((busy + 1))
          done
          [ $busy -lt $n ] || { echo "busy $busy $ticks"; break; }
          nap
        done
        """;

    /// <inheritdoc/>
    public override string Kind => CpuHogFault.Word;

    /// <inheritdoc/>
    public override string Summary => "takes processor time in the service's own container for a while";

    /// <inheritdoc/>
    public override string Proof => "the kernel has given each loop processor time";

    /// <inheritdoc/>
    public override string Undoing =>
        "the loops are killed; proven when none of them runs. Where nobody comes, each ends by itself 30 s after the fault's end.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        LoopsKey,
        CommonKeys.For,
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<CpuHogFault>(
        _ => CpuHogFault.Word, fault => $"takes {Loops(fault)} processors' time in", fault => $"CPU hog x{Loops(fault)}",
            "Processor time was taken from");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new CpuHogFault
        {
            Loops = LoopsKey.Read(item), For = CommonKeys.ReadFor(item), Container = CommonKeys.ReadContainer(item),
        };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Start(CpuHogFault fault, string token, int seconds) =>
        WorkScript.Start(Script, token, seconds, Loops(fault));

    /// <inheritdoc/>
    protected override string? Proves(CpuHogFault fault, PodTarget target, string line) =>
        line.Split(' ') is ["busy", var loops, var ticks] ? $"{loops} loops run and have taken {ticks} ticks of processor time" : null;

    private static string Loops(CpuHogFault fault) => fault.Loops.ToString(CultureInfo.InvariantCulture);
}
