using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>One replica set of a deployment, in numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Replicas">What its spec asks for.</param>
/// <param name="Available">How many of its pods are available.</param>
internal readonly record struct ReplicaCount(string Name, int Replicas, int Available);

/// <summary>
/// How far old and new replica sets may be scaled in one step, so that at least
/// <c>replicas - maxUnavailable</c> pods stay available and at most <c>replicas + maxSurge</c> are wanted.
/// The rules are those of Kubernetes' deployment controller.
/// </summary>
internal static class RollingUpdate
{
    /// <summary>maxSurge and maxUnavailable in pods: surge percentages round up, unavailable ones down; never both 0.</summary>
    public static (int Surge, int Unavailable) Bounds(JsonObject deployment, int replicas)
    {
        var strategy = deployment.At("spec", "strategy", "rollingUpdate");
        var surge = Amount(strategy.At("maxSurge"), replicas, up: true);
        var unavailable = Amount(strategy.At("maxUnavailable"), replicas, up: false);
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }

    /// <summary>The next size of the new set.</summary>
    public static int NewSize(int replicas, int surge, ReplicaCount current, IReadOnlyList<ReplicaCount> old)
    {
        if (current.Replicas >= replicas)
        {
            return replicas;
        }

        var room = replicas + surge - current.Replicas - old.Sum(o => o.Replicas);
        return current.Replicas + Math.Clamp(room, 0, replicas - current.Replicas);
    }

    /// <summary>The next sizes of the old sets, oldest first: what is not available goes first, then what may be missed.</summary>
    public static IReadOnlyList<ReplicaCount> OldSizes(int replicas, int unavailable, ReplicaCount current, IReadOnlyList<ReplicaCount> old)
    {
        var least = replicas - unavailable;
        var sizes = old.ToArray();
        var room = current.Replicas + sizes.Sum(o => o.Replicas) - least - Math.Max(0, current.Replicas - current.Available);
        for (var i = 0; i < sizes.Length && room > 0; i++)
        {
            var step = Math.Min(room, Math.Max(0, sizes[i].Replicas - sizes[i].Available));
            sizes[i] = sizes[i] with { Replicas = sizes[i].Replicas - step };
            room -= step;
        }

        room = current.Available + sizes.Sum(o => Math.Min(o.Available, o.Replicas)) - least;
        for (var i = 0; i < sizes.Length && room > 0; i++)
        {
            var step = Math.Min(room, sizes[i].Replicas);
            sizes[i] = sizes[i] with { Replicas = sizes[i].Replicas - step };
            room -= step;
        }

        return sizes;
    }

    private static int Amount(JsonNode? value, int replicas, bool up)
    {
        if (value.Number() is { } n)
        {
            return (int)n;
        }

        var percent = int.TryParse((value.Text() ?? "25%").TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var p)
            ? p
            : 25;
        return up ? ((replicas * percent) + 99) / 100 : replicas * percent / 100;
    }
}
