using System.Globalization;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Network;

/// <summary>Keys of the faults of the network.</summary>
internal static class NetworkKeys
{
    private const string FromKey = "from";
    private const int LastPort = 65_535;

    /// <summary>Whose connections.</summary>
    public static FaultKey From { get; } = FaultKey.Text(
        FromKey, "role or name of the service whose connections to the target are meant; default: everybody's.");

    /// <summary>At which port a connection is tried.</summary>
    public static WholeKey Port { get; } = new(
        "port", "port of the target at which connections are tried, for the proofs; default: that of its metrics.", 1, LastPort);

    /// <summary>Reads <see cref="From"/>; null where it is left out.</summary>
    public static string? ReadFrom(ObjectReader item, bool required = false)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Text(FromKey, required);
    }

    /// <summary>Reads <see cref="Port"/>; null where it is left out.</summary>
    public static int? ReadPort(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Port.ReadIfGiven(item);
    }

    /// <summary>A number in words, as it stands in a command.</summary>
    public static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
