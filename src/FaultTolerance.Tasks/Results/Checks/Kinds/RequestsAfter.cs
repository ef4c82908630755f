using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>The requests that ended after the fault.</summary>
internal static class RequestsAfter
{
    /// <summary>A baseline has no fault: all of its load is "after". Null where the fault's time is not known.</summary>
    public static List<RequestSample>? Of(ScenarioResult row)
    {
        var from = row.IsFaultFree ? long.MinValue : row.Zero;
        return from is not { } at ? null : [.. RequestSample.Of(row.Attempts).Where(request => request.End >= at)];
    }

    /// <summary>Why there is none.</summary>
    public static string Missing(ScenarioResult row) =>
        !row.IsFaultFree && row.Zero is null ? "the time of the fault is not known" : "no request ended after the fault";
}
