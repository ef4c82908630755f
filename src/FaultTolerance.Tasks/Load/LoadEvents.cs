using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>The events that begin and end a load in the timeline.</summary>
internal static class LoadEvents
{
    /// <summary>That a load begins.</summary>
    /// <param name="spec">What it is asked for.</param>
    /// <param name="starts">When each client starts, in seconds; empty where arrivals are random.</param>
    public static LoadStarted Started(LoadSpec spec, ImmutableArray<double> starts) => new()
    {
        Clients = spec.Clients,
        Planned = spec.Planned,
        Mode = spec.Mode,
        WarmUp = spec.WarmUp.TotalSeconds,
        OutputTokens = spec.IsUniform ? spec.OutputTokens : null,
        Period = spec.RatePerClient > 0 ? 1 / spec.RatePerClient : null,
        Starts = starts,
        KeptResetsAreHarm = spec.KeptResetsAreHarm,
        Reuse = spec.Connections == Connections.PerRequest
            ? "perRequest"
            : JsonNamingPolicy.CamelCase.ConvertName(spec.Reuse.ToString()),
        GoodTtft = spec.Goodput?.Ttft,
        GoodItl = spec.Goodput?.Itl,
        GoodLatency = spec.Goodput?.Latency,
    };

    /// <summary>Writes the generator's health, where it was measured, and the books.</summary>
    public static void Write(TimelineWriter timeline, LoadTotals totals)
    {
        if (totals.Health is { } health)
        {
            timeline.Write(new LoadHealth
            {
                SendLagP50 = health.SendLagP50,
                SendLagP99 = health.SendLagP99,
                SendLagMax = health.SendLagMax,
                AskedRate = health.AskedRate,
                AchievedRate = health.AchievedRate,
                CpuShare = health.CpuShare,
                MachineBusy = health.MachineBusy,
                MachineWaited = health.MachineWaited,
                GcPause = health.GcPause,
                PoolDelayP99 = health.PoolDelayP99,
                PoolDelayMax = health.PoolDelayMax,
                FloorP50 = health.FloorP50,
                FloorP99 = health.FloorP99,
                Duration = health.Duration,
                Valid = health.Invalid.Count == 0,
                Reasons = [.. health.Invalid],
            });
        }

        timeline.Write(new LoadEnded
        {
            Planned = totals.Planned,
            Sent = totals.Sent,
            NotSent = totals.NotSent,
            Shed = totals.Shed,
            Succeeded = totals.Succeeded,
            Failed = totals.Failed,
            Apart = totals.Apart > 0 ? totals.Apart : null,
            Attempts = [.. totals.Attempts.Select(pair => (pair.Key, (long)pair.Value))],
        });
    }
}
