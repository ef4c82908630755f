using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Reads quantities of memory as Kubernetes writes them.</summary>
internal static class MemoryQuantity
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("", 1),
    ];

    /// <summary>The container's limit in bytes; null where it has none, or one that is no quantity.</summary>
    public static long? LimitOf(JsonObject container) => Bytes(container.At("resources", "limits", "memory")?.ToString());

    /// <summary>Bytes: <c>512Mi</c>, <c>1.5G</c>, <c>1000000</c>.</summary>
    public static long? Bytes(string? text)
    {
        var (suffix, factor) = Suffixes.First(pair => text?.EndsWith(pair.Suffix, StringComparison.Ordinal) != false);
        return double.TryParse(text?[..^suffix.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (long)(number * factor) : null;
    }
}
