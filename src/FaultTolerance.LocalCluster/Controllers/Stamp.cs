using System.Globalization;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>
/// Time stamps in objects: RFC 3339 in UTC. Kubernetes writes whole seconds; readers of its own (Go's time.RFC3339, the
/// C# client) accept a fraction, and recovery times are compared to the millisecond, so six digits are written.
/// </summary>
internal static class Stamp
{
    private const string Micro = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The stamp of a moment, with six digits of fraction.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString(Micro, CultureInfo.InvariantCulture);

    /// <summary>The stamp of now.</summary>
    public static string Now(TimeProvider time) => Of(time.GetUtcNow());

    /// <summary>The moment that a stamp names, or null when there is none.</summary>
    public static DateTimeOffset? Parse(string? stamp) =>
        DateTimeOffset.TryParse(
            stamp,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;
}
