namespace FaultTolerance.Load.Work;

/// <summary>
/// Random numbers that belong to one request: they depend on the seed, what they are for, the client and the request's number alone, so
/// that no order of answers changes what is asked.
/// </summary>
internal struct SeededDraws
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state;

    private SeededDraws(ulong state) => _state = state;

    /// <summary>The draws of a request.</summary>
    /// <param name="seed">The load's seed.</param>
    /// <param name="purpose">What is drawn: draws for different things tell nothing of each other.</param>
    /// <param name="client">The client.</param>
    /// <param name="number">The request's number within the client.</param>
    public static SeededDraws Of(int seed, DrawsFor purpose, int client, long number) =>
        new(Mix(Mix(Mix((ulong)(uint)seed ^ ((ulong)(uint)client << 32)) + ((ulong)purpose * Step)) + ((ulong)number * Step)));

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): one multiplication chain a draw, and any seed is a good one.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += Step);

    /// <summary>From 0 to below 1, evenly.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The standard normal distribution (Box and Muller).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());
}

/// <summary>What numbers are drawn for.</summary>
internal enum DrawsFor
{
    /// <summary>Words of a prompt.</summary>
    Words,

    /// <summary>How many it has.</summary>
    InputLength,

    /// <summary>How many tokens are asked for.</summary>
    OutputLength,

    /// <summary>Which prefix it has.</summary>
    Prefix,

    /// <summary>Words of a prefix.</summary>
    PrefixWords,

    /// <summary>Words of a block that requests of a trace share.</summary>
    Block,
}
