using System.Globalization;
using System.Text.Json.Serialization;

namespace FaultTolerance.Scenarios;

/// <summary>From where all loads come, as the command line says it, in the place of what the loads say themselves.</summary>
/// <param name="FromCluster">Whether pods of the cluster send; else this process does.</param>
/// <param name="Pods">How many; null: as many as the load says, or one.</param>
/// <param name="Image">The tool's image; null: the one that the load names, or the usual one.</param>
internal sealed record LoadSource(bool FromCluster, int? Pods, string? Image)
{
    /// <summary>Whether one client of this process sends beside the pods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FromBoth { get; init; }

    private const string Alone = "FT0127";

    /// <summary>Reads the options; what is empty was not given. Null where none was.</summary>
    /// <exception cref="FaultMatrixException">FT0127: the number of pods or the image is given, and no pods are to send.</exception>
    public static LoadSource? Of(string from, string pods, string image)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(pods);
        ArgumentNullException.ThrowIfNull(image);
        var fromBoth = string.Equals(from, "both", StringComparison.OrdinalIgnoreCase);
        var fromCluster = fromBoth || string.Equals(from, "cluster", StringComparison.OrdinalIgnoreCase);
        if (!fromCluster && pods.Length + image.Length > 0)
        {
            var given = string.Join(" and ", new[] { ("--load-pods", pods), ("--load-image", image) }
                .Where(option => option.Item2.Length > 0).Select(option => option.Item1));
            throw new FaultMatrixException(Alone, $"{given}: of loads from the cluster; give --load-from cluster or both too");
        }

        return from.Length == 0 ? null : new(
            fromCluster, pods.Length == 0 ? null : int.Parse(pods, CultureInfo.InvariantCulture), image.Length == 0 ? null : image)
        {
            FromBoth = fromBoth,
        };
    }

    /// <summary>The load, and each step of its sweep, from there.</summary>
    public LoadSpec Over(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return load with
        {
            Pods = FromCluster ? Pods ?? Math.Max(1, load.Pods) : 0,
            PodImage = FromCluster ? Image ?? load.PodImage : null,
            ProbeRate = !FromBoth ? 0 : load.ProbeRate > 0 ? load.ProbeRate : ProbeSpec.UsualRate,
            Sweep = [.. load.Sweep.Select(step => step with { Load = Over(step.Load) })],
        };
    }

    /// <summary>What of it is not so of a load, as the options and what they were; empty where the load comes from there.</summary>
    public IEnumerable<(string Option, string Given, string? Was)> Differing(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (FromCluster != load.Pods > 0 || FromBoth != load.ProbeRate > 0)
        {
            yield return ("load-from", Name(FromCluster, FromBoth), Name(load.Pods > 0, load.ProbeRate > 0));
            yield break;
        }

        if (Pods is { } pods && pods != load.Pods)
        {
            yield return (
                "load-pods", pods.ToString(CultureInfo.InvariantCulture), load.Pods.ToString(CultureInfo.InvariantCulture));
        }

        if (Image is { } image && image != load.PodImage)
        {
            yield return ("load-image", image, load.PodImage);
        }
    }

    private static string Name(bool fromCluster, bool fromBoth) => fromBoth ? "both" : fromCluster ? "cluster" : "here";
}
