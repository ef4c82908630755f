namespace FaultTolerance.Tests.GroundTruth;

/// <summary>What is wrong with the simulated service.</summary>
internal enum OutageKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Gone at once, with all that was in flight, and back at once.</summary>
    Sudden,

    /// <summary>Its replicas go one by one and come back one by one.</summary>
    Gradual,

    /// <summary>Down and up several times.</summary>
    Flapping,

    /// <summary>One of several replicas is down.</summary>
    Partial,

    /// <summary>Slower by a factor, without an error.</summary>
    Slow,

    /// <summary>Silent, and then answers all that waited.</summary>
    Stall,

    /// <summary>Streams break after their first tokens.</summary>
    MidStream,

    /// <summary>Every second request hangs and gets a 504 after five seconds.</summary>
    Hang,

    /// <summary>It serves for five seconds after the order, and then goes with the streams under way.</summary>
    SlowDeath,

    /// <summary>Gone and back, and then a single refusal 5, 10 and 15 s after it went.</summary>
    Aftershocks,

    /// <summary>Gone and back, and then its first answers take 20 s.</summary>
    Cold,
}

/// <summary>An outage of a simulated service, known exactly. Seconds on the simulated clock.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="From">When the service begins to do harm.</param>
/// <param name="Until">When it has done the last.</param>
internal sealed record OutagePlan(OutageKind Kind, double From, double Until)
{
    /// <summary>Replicas that requests go to in turn.</summary>
    public int Replicas { get; private init; } = 1;

    /// <summary>When each replica is down, by replica.</summary>
    public IReadOnlyList<(double From, double Until)[]> Down { get; init; } = [[]];

    /// <summary>When the service takes requests again, if it is not well before <see cref="Until"/>.</summary>
    public double Back { get; init; } = Until;

    /// <summary>Instants from which on the next request is refused.</summary>
    public IReadOnlyList<double> Shocks { get; private init; } = [];

    /// <summary>Whether the process itself is gone, so that nobody listens.</summary>
    public bool IsGone => Kind is OutageKind.Sudden or OutageKind.SlowDeath or OutageKind.Aftershocks or OutageKind.Cold;

    /// <summary>Share of its normal speed at which the service works from <see cref="From"/> to <see cref="Until"/>.</summary>
    public double Speed { get; private init; } = 1;

    public bool IsDown(int replica, double at) => Array.Exists(Down[replica], spell => at >= spell.From && at < spell.Until);

    /// <summary>When the replica next goes down; infinite where it does not.</summary>
    public double NextDown(int replica, double after) =>
        Down[replica].Where(spell => spell.From > after).Select(spell => spell.From).DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>When a request that came at an instant and needs so much work at normal speed is done.</summary>
    public double Finish(double at, double work)
    {
        if (Kind == OutageKind.Cold && at >= Back && at < Until)
        {
            return Until + work;
        }

        if (at + work <= From || at >= Until || Speed >= 1)
        {
            return at + work;
        }

        var before = Math.Max(0, From - at);
        var begin = Math.Max(at, From);
        var inside = (Until - begin) * Speed;
        return inside >= work - before ? begin + ((work - before) / Speed) : Until + work - before - inside;
    }

    /// <summary>A plan of a kind, from a seed; its length is 0.5 to 9 s.</summary>
    public static OutagePlan Of(OutageKind kind, double from, Random random)
    {
        var until = from + 0.5 + (8.5 * random.NextDouble());
        var plan = new OutagePlan(kind, from, until);
        return kind switch
        {
            OutageKind.None => plan with { From = double.MaxValue, Until = double.MaxValue },
            OutageKind.Gradual => Gradual(plan, random),
            OutageKind.Flapping => plan with { Down = [Spells(plan, random)] },
            OutageKind.Partial => Partial(plan, 2 + random.Next(3)),
            OutageKind.Slow => plan with { Speed = 1.0 / (3 + (7 * random.NextDouble())) },
            OutageKind.Hang => Partial(plan, 2),
            OutageKind.Aftershocks => plan with
            {
                Down =
                [
                    [(from, until)],
                ],
                Back = until,
                Shocks = [until + 5, until + 10, until + 15],
                Until = until + 15,
            },
            OutageKind.Cold => plan with
            {
                Down =
                [
                    [(from, until)],
                ],
                Back = until,
                Until = until + 20,
            },
            OutageKind.Stall => plan with { Speed = 1e-9 },
            _ => plan with { Down = [[(from, until)]] },
        };
    }

    private static OutagePlan Partial(OutagePlan plan, int replicas) =>
        plan with
        {
            Replicas = replicas,
            Down = [.. Enumerable.Range(0, replicas).Select(i => i == 0 ? [(plan.From, plan.Until)] : Array.Empty<(double, double)>())],
        };

    // The first to go goes at From and the last to come back comes at Until; the others in between.
    private static OutagePlan Gradual(OutagePlan plan, Random random)
    {
        var middle = (plan.From + plan.Until) / 2;
        (double, double)[] Spell(int i) =>
            [
                (
                    i == 0 ? plan.From : plan.From + (random.NextDouble() * (middle - plan.From)),
                    i == 3 ? plan.Until : plan.Until - (random.NextDouble() * (plan.Until - middle))
                ),
            ];
        return plan with { Replicas = 4, Down = [.. Enumerable.Range(0, 4).Select(Spell)] };
    }

    private static (double, double)[] Spells(OutagePlan plan, Random random)
    {
        var count = 2 + random.Next(3);
        // Up and down in turn, 2 n - 1 pieces of unequal length, down first and last.
        var pieces = Enumerable.Range(0, (2 * count) - 1).Select(_ => 0.3 + random.NextDouble()).ToArray();
        var scale = (plan.Until - plan.From) / pieces.Sum();
        var edges = new List<double> { plan.From };
        foreach (var piece in pieces)
        {
            edges.Add(edges[^1] + (piece * scale));
        }

        edges[^1] = plan.Until;
        return [.. Enumerable.Range(0, count).Select(i => (edges[2 * i], edges[(2 * i) + 1]))];
    }
}
