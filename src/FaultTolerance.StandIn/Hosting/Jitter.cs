using System.Text;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>Spreads times evenly within a relative half-width, the same way for the same seed and pod name.</summary>
internal sealed class Jitter
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly double _width;

    public Jitter(double width, long seed, string podName)
    {
        _width = width;
        _random = new Random(SeedOf(seed, podName));
    }

    /// <summary>The time, times a factor from 1 - width to 1 + width.</summary>
    public TimeSpan Spread(TimeSpan time)
    {
        lock (_gate)
        {
            return time * (1 + (_width * ((2 * _random.NextDouble()) - 1)));
        }
    }

    /// <summary>The next seed for something that draws its own numbers.</summary>
    public int NextSeed()
    {
        lock (_gate)
        {
            return _random.Next();
        }
    }

    /// <summary>FNV-1a over the name, mixed with the seed: string.GetHashCode differs from process to process.</summary>
    public static int SeedOf(long seed, string podName) => SeedOf(Encoding.UTF8.GetBytes(podName), seed);

    /// <summary>FNV-1a over bytes.</summary>
    public static int SeedOf(ReadOnlySpan<byte> bytes, long seed = 0)
    {
        var hash = 14695981039346656037UL ^ (ulong)seed;
        foreach (var one in bytes)
        {
            hash = (hash ^ one) * 1099511628211UL;
        }

        return (int)(hash ^ (hash >> 32)) & int.MaxValue;
    }
}
