using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.Lasting;

/// <summary>Work in a container that has its deadline with it.</summary>
internal static class Work
{
    /// <summary>What the processes of a fault carry on their command lines. Known before the fault, so that its undo can name it.</summary>
    public static string Token(FaultContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var stamp = (context.Deadline ?? DateTimeOffset.UnixEpoch).UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        return $"{ProcessScript.WorkPrefix}{stamp}-{context.Id.Replace('.', '-')}";
    }

    /// <summary>Whole seconds until the work has to end by itself.</summary>
    public static int Seconds(FaultContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var now = context.Timeline.Clock.Now;
        return (int)Math.Ceiling(((context.Deadline ?? now) - now).TotalSeconds);
    }

    /// <summary>Ends the work that an undo names, and proves that.</summary>
    /// <exception cref="FaultMatrixException">FT0615: some of it still runs.</exception>
    public static async Task<string> EndAsync(LeftPod pod, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(undo);
        var result = await pod.RunAsync(WorkScript.Ending(undo["token"]!.GetValue<string>()), cancellation);
        return result.Output.Split('\n').Contains("ended", StringComparer.Ordinal) ? "no process of it runs any more"
            : throw new FaultMatrixException(
                "FT0615", $"what was started in pod '{pod.Name}' still runs: {$"{result.Output} {result.Failure} {result.Errors}".Trim()}");
    }
}
