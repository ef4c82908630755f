using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.CrashLoop;

/// <summary>
/// Kills processes, waits until they are there again, and kills them again. Each kill has its proof; the first is when it landed.
/// </summary>
internal sealed class CrashLoopKind : PodFaultKind<CrashLoopFault>
{
    private const string ProcessKey = "process";
    private const string SignalKey = "signal";
    private static readonly WholeKey TimesKey = new("times", "how often.", 2, 100) { Otherwise = 3 };
    private const string EveryKey = "every";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override string Kind => CrashLoopFault.Word;

    /// <inheritdoc/>
    public override string Summary => "kills processes each time they are there again";

    /// <inheritdoc/>
    public override string Proof => "as killProcess's, for each kill";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        FaultKey.Text(ProcessKey, "substring of the command line of the processes.") with { Required = true },
        FaultKey.Choice(SignalKey, "the signal.", Signals.Names, Signals.Interrupt),
        TimesKey,
        new(EveryKey, new JsonObject { ["type"] = "number", ["minimum"] = 0, ["default"] = 1 },
            "seconds between a kill's proof and the next, at least."),
        CommonKeys.Container,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<CrashLoopFault>(
        fault => fault.Process, fault => $"kills '{fault.Process}' {fault.Times} times in", fault => $"{fault.Times} kills",
            "A process was killed again and again in");

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions { get; } = Permission.ToExec;

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new CrashLoopFault
        {
            Process = item.Text(ProcessKey, required: true) ?? "",
            Signal = item.Choice(SignalKey, required: false, [.. Signals.Names]) ?? Signals.Interrupt,
            Times = TimesKey.Read(item),
            Every = item.Seconds(EveryKey, TimeSpan.FromSeconds(1)),
            Container = CommonKeys.ReadContainer(item),
        };
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, CrashLoopFault fault, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(target);
        var (found, list, processes) = await new ProcessSearch(context, fault.Container, fault.Process).FindAsync(target, cancellation);
        context = context with { Target = found };
        var first = await ProcessKill.RunAsync(
            context, found, list, processes, fault.Signal, cancellation, elsewhere: ProcessSearch.Elsewhere(target, found));
        for (var kill = 2; kill <= fault.Times; kill++)
        {
            await Task.Delay(fault.Every, context.Session.Time, cancellation);
            await WhenBackAsync(context, fault, found, kill, cancellation);
            await KillAsync(context, fault, found, cancellation);
        }

        var restarts = ContainerEnded.Status(found, context.Watch.Find(target.Pod.Uid))?.RestartCount ?? 0;
        return first with
        {
            Text = string.Create(CultureInfo.InvariantCulture,
                $"{first.Text}; killed {fault.Times} times in all, container restarts {restarts}"),
        };
    }

    private static async Task KillAsync(
        FaultContext context, CrashLoopFault fault, PodTarget target, CancellationToken cancellation)
    {
        var list = await ProcessList.ReadAsync(context, target, cancellation);
        await ProcessKill.RunAsync(
            context, target, list, list.Find(target, fault.Process), fault.Signal, cancellation, lands: false);
    }

    private static async Task WhenBackAsync(
        FaultContext context, CrashLoopFault fault, PodTarget target, int kill, CancellationToken cancellation)
    {
        var started = context.Session.Time.GetTimestamp();
        while (true)
        {
            try
            {
                (await ProcessList.ReadAsync(context, target, cancellation)).Find(target, fault.Process);
                return;
            }
            catch (FaultMatrixException e) when (context.Session.Time.GetElapsedTime(started) < context.Options.RevivalTimeout)
            {
                // A container that is down or starting has no such process yet, or no shell to ask.
                context.Scene.Log.Info(FaultContext.Log, $"Fault {context.Id}, kill {kill}: not there yet ({e.Code})");
                await Task.Delay(Look, context.Session.Time, cancellation);
            }
        }
    }
}
