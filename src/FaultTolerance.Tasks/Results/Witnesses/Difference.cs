namespace FaultTolerance.Results.Witnesses;

/// <summary>
/// What pods counted against what the row's clients did, at every look: two rows that serve each other in equal parts agree at the end,
/// and not on the way there.
/// </summary>
/// <param name="Counted">What the pods had counted at the look where it differs most.</param>
/// <param name="Clients">What the clients had sent, or got, by then.</param>
/// <param name="By">How much it differs; 0 or less where it does not.</param>
internal readonly record struct Difference(double Counted, double Clients, double By)
{
    // From the last byte of an answer until its server has counted it.
    private static readonly long Lag = TimeSpan.FromSeconds(0.1).Ticks;

    // No answer takes longer.
    private static readonly long Longest = TimeSpan.FromSeconds(5).Ticks;

    /// <summary>By how much more was counted than was sent.</summary>
    /// <param name="pods">The pods, of one service, with the series that count.</param>
    /// <param name="own">The clients.</param>
    /// <param name="unit">How much a request may count.</param>
    public static Difference Excess(IReadOnlyList<PodCount> pods, ClientCounts own, double unit)
    {
        var looks = LooksOf(pods);
        var sent = own.At(Answered(pods, looks));
        return looks
            .Select((at, i) => (Counted: pods.Sum(pod => pod.CountAt(at)), Sent: sent[i].Sent * unit))
            .Select(pair => new Difference(pair.Counted, pair.Sent, pair.Counted - pair.Sent))
            .MaxBy(difference => difference.By);
    }

    /// <summary>By how much less was counted than was answered, whatever was counted unseen.</summary>
    /// <param name="pods">The pods that share the work.</param>
    /// <param name="own">The clients.</param>
    /// <param name="unit">How much a request may count.</param>
    /// <param name="tokens">Whether tokens are counted.</param>
    public static Difference Shortage(IReadOnlyList<PodCount> pods, ClientCounts own, double unit, bool tokens)
    {
        var looks = LooksOf(pods);
        (long From, long To)[] gaps = [.. pods.SelectMany(pod => pod.Gaps)];
        var (unseen, since) = (own.Within(gaps) * unit, gaps.Select(gap => gap.From).Append(long.MaxValue).Min());
        var answered = own.At([.. looks.Select(at => at >= own.To ? at : at - Lag)]);
        return looks
            .Select((at, i) => (
                Counted: pods.Sum(pod => pod.CountAt(pod.Looks.FirstOrDefault(look => look >= at, long.MaxValue))),
                Answered: (double)(tokens ? answered[i].Tokens : answered[i].Answered),
                Unseen: at >= since ? unseen : 0))
            .Select(look => new Difference(look.Counted, look.Answered, look.Answered - look.Counted - look.Unseen))
            .MaxBy(difference => difference.By);
    }

    // By when all answers were there that tell of a look: a pod is asked again only when it has answered.
    private static long[] Answered(IReadOnlyList<PodCount> pods, long[] looks)
    {
        var (by, latest) = (new long[looks.Length], 0L);
        for (var i = 0; i < looks.Length; i++)
        {
            var at = looks[i];
            foreach (var pod in pods.Where(pod => pod.Looks[0] <= at))
            {
                var last = pod.Looks.Last(look => look <= at);
                latest = Math.Max(latest, pod.Looks.FirstOrDefault(look => look > at, at - last > Longest ? 0 : long.MaxValue));
            }

            by[i] = latest;
        }

        return by;
    }

    private static long[] LooksOf(IEnumerable<PodCount> pods) => [.. pods.SelectMany(pod => pod.Looks).Distinct().Order()];
}
