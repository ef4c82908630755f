using System.Text.Json.Nodes;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults;

/// <summary>Keys that several kinds mean the same by.</summary>
internal static class CommonKeys
{
    private const string ForKey = "for";
    private const string ContainerKey = "container";
    private const double Longest = 3600;
    private static readonly TimeSpan Standard = TimeSpan.FromSeconds(10);

    /// <summary>How long it lasts.</summary>
    public static FaultKey For { get; } = new(
        ForKey,
        new JsonObject { ["type"] = "number", ["minimum"] = 0.1, ["maximum"] = Longest, ["default"] = Standard.TotalSeconds },
        "seconds that it lasts, from its proof on.");

    /// <summary>In which container.</summary>
    public static FaultKey Container { get; } = FaultKey.Text(ContainerKey, "the container; default: the one that does the service's work.");

    /// <summary>Reads <see cref="For"/>.</summary>
    public static TimeSpan ReadFor(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return TimeSpan.FromSeconds(item.Number(ForKey, Standard.TotalSeconds, 0.1, Longest));
    }

    /// <summary>Reads <see cref="Container"/>; null where it is left out.</summary>
    public static string? ReadContainer(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Text(ContainerKey);
    }
}
