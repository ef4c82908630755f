using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>load.health</c>: how the load generator itself did. A figure that was not measured is null.</summary>
internal sealed record LoadHealth : TimelineEvent
{
    internal const string EventName = "load.health";

    private static readonly ImmutableArray<(string Key, Func<LoadHealth, double?> Value)> All =
    [
        ("sendLagP50", static health => health.SendLagP50),
        ("sendLagP99", static health => health.SendLagP99),
        ("sendLagMax", static health => health.SendLagMax),
        ("askedRate", static health => health.AskedRate),
        ("achievedRate", static health => health.AchievedRate),
        ("cpuShare", static health => health.CpuShare),
        ("machineBusy", static health => health.MachineBusy),
        ("machineWaited", static health => health.MachineWaited),
        ("gcPause", static health => health.GcPause),
        ("poolDelayP99", static health => health.PoolDelayP99),
        ("poolDelayMax", static health => health.PoolDelayMax),
        ("floorP50", static health => health.FloorP50),
        ("floorP99", static health => health.FloorP99),
        ("duration", static health => health.Duration),
    ];

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Seconds from the instant that a request was intended for to the start of its first attempt: median.</summary>
    public double? SendLagP50 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? SendLagP99 { get; init; }

    /// <summary>The same, greatest.</summary>
    public double? SendLagMax { get; init; }

    /// <summary>Requests per second that the plan asked for; in the closed loop the limit.</summary>
    public double? AskedRate { get; init; }

    /// <summary>Requests per second that were sent.</summary>
    public double? AchievedRate { get; init; }

    /// <summary>Share of all processors that the process used, 0 to 1.</summary>
    public double? CpuShare { get; init; }

    /// <summary>Share of all processors that the whole machine used, 0 to 1.</summary>
    public double? MachineBusy { get; init; }

    /// <summary>Share of the time in which some thread of the machine waited for a processor, 0 to 1.</summary>
    public double? MachineWaited { get; init; }

    /// <summary>Seconds in which the garbage collector held the process.</summary>
    public double? GcPause { get; init; }

    /// <summary>Seconds that the thread pool took to start a work item: 99th percentile.</summary>
    public double? PoolDelayP99 { get; init; }

    /// <summary>The same, greatest.</summary>
    public double? PoolDelayMax { get; init; }

    /// <summary>Seconds of lateness of an idle thread before the load: median.</summary>
    public double? FloorP50 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? FloorP99 { get; init; }

    /// <summary>Seconds that the load took.</summary>
    public double? Duration { get; init; }

    /// <summary>Whether its figures are to be trusted; null where the event does not say.</summary>
    public required bool? Valid { get; init; }

    /// <summary>Why not.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The keys of all figures, in the order in which they are written and shown.</summary>
    public static ImmutableArray<string> FigureKeys { get; } = [.. All.Select(static figure => figure.Key)];

    /// <summary>The figures that were measured, by their keys.</summary>
    public ImmutableArray<(string Key, double Value)> Figures =>
        [
            .. All.Select(figure => (figure.Key, Value: figure.Value(this)))
                .Where(static pair => pair.Value is not null)
                .Select(static pair => (pair.Key, pair.Value!.Value)),
        ];

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        foreach (var (key, value) in Figures)
        {
            json.WriteNumber(key, decimal.Parse(value.ToString("0.#######", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }

        json.Truth("valid", Valid);
        json.WriteStartArray("reasons");
        foreach (var reason in Reasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
    }

    internal static LoadHealth Read(EventKeys keys) => new()
    {
        SendLagP50 = keys.Seconds("sendLagP50"),
        SendLagP99 = keys.Seconds("sendLagP99"),
        SendLagMax = keys.Seconds("sendLagMax"),
        AskedRate = keys.Seconds("askedRate"),
        AchievedRate = keys.Seconds("achievedRate"),
        CpuShare = keys.Seconds("cpuShare"),
        MachineBusy = keys.Seconds("machineBusy"),
        MachineWaited = keys.Seconds("machineWaited"),
        GcPause = keys.Seconds("gcPause"),
        PoolDelayP99 = keys.Seconds("poolDelayP99"),
        PoolDelayMax = keys.Seconds("poolDelayMax"),
        FloorP50 = keys.Seconds("floorP50"),
        FloorP99 = keys.Seconds("floorP99"),
        Duration = keys.Seconds("duration"),
        Valid = keys.Truth("valid"),
        Reasons = keys.Texts("reasons"),
    };
}
