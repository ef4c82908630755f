using System.Globalization;
using FaultTolerance.Runs;

namespace FaultTolerance.Load;

/// <summary>The events that end a load in the timeline.</summary>
internal static class LoadEvents
{
    /// <summary>Writes <c>load.health</c> and <c>load.ended</c>.</summary>
    public static void Write(TimelineWriter timeline, LoadTotals totals)
    {
        if (totals.Health is { } health)
        {
            timeline.Write("load.health", json =>
            {
                void Number(string name, double? value)
                {
                    if (value is { } known)
                    {
                        json.WriteNumber(name, decimal.Parse(known.ToString("0.#######", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
                    }
                }

                Number("sendLagP50", health.SendLagP50);
                Number("sendLagP99", health.SendLagP99);
                Number("sendLagMax", health.SendLagMax);
                Number("askedRate", health.AskedRate);
                Number("achievedRate", health.AchievedRate);
                Number("cpuShare", health.CpuShare);
                Number("gcPause", health.GcPause);
                Number("poolDelayP99", health.PoolDelayP99);
                Number("poolDelayMax", health.PoolDelayMax);
                Number("floorP50", health.FloorP50);
                Number("floorP99", health.FloorP99);
                Number("duration", health.Duration);
                json.WriteBoolean("valid", health.Invalid.Count == 0);
                json.WriteStartArray("reasons");
                foreach (var reason in health.Invalid)
                {
                    json.WriteStringValue(reason);
                }

                json.WriteEndArray();
            });
        }

        timeline.Write("load.ended", json =>
        {
            json.WriteNumber("planned", totals.Planned);
            json.WriteNumber("sent", totals.Sent);
            json.WriteNumber("notSent", totals.NotSent);
            json.WriteNumber("shed", totals.Shed);
            json.WriteNumber("succeeded", totals.Succeeded);
            json.WriteNumber("failed", totals.Failed);
            json.WriteStartObject("attempts");
            foreach (var (outcome, count) in totals.Attempts)
            {
                json.WriteNumber(outcome.ToString(), count);
            }

            json.WriteEndObject();
        });
    }
}
