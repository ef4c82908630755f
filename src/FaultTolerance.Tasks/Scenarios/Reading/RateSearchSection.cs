namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads a load's <c>findRate</c>: how the highest rate is looked for at which its goodput holds.</summary>
internal static class RateSearchSection
{
    /// <summary>What makes a load that no step can be: its times or its turns are its own, or it is several rows.</summary>
    private static readonly (string Key, string Why)[] NotWith =
    [
        ("trace", "a trace has its own times"), ("sessions", "turns wait for each other"), ("sweep", "a sweep is several rows"),
        ("continuity", "steps ask other prompts each"), ("untilRecovered", "each step has its length"), ("stopWhen", "each step has its length"),
        ("ramp", "each step has one rate"), ("requestsPerClient", "each step has its length"), ("ratePerClient", "the search says the rates"),
    ];

    /// <summary>The search; null where the load has none. What is wrong is reported.</summary>
    /// <param name="item">The load's object.</param>
    public static RateSearchSpec? Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Object("findRate") is not { } one)
        {
            return null;
        }

        var usual = new RateSearchSpec();
        var read = new RateSearchSpec
        {
            Share = one.Number("share", usual.Share, 0, 1, minExcluded: true),
            From = one.Number("from", usual.From, 0, RateSearchSpec.MostRate, minExcluded: true),
            To = one.Number("to", usual.To, 0, RateSearchSpec.MostRate, minExcluded: true),
            Steps = one.Int("steps", usual.Steps, 2, 100),
            Limit = one.Has("limit") ? one.Seconds("limit", TimeSpan.Zero, 0, minExcluded: true) : null,
            StepTime = one.Seconds("stepTime", usual.StepTime, 0, minExcluded: true),
            WarmUp = one.Seconds("warmUp", usual.WarmUp),
            Precision = one.Number("precision", usual.Precision, 0.001, 1),
        };
        one.End();
        if (read.From >= read.To)
        {
            one.Fault(ScenarioCodes.BadValue, "from", "'from' must be below 'to'", 0);
        }

        if (!item.Has("goodput"))
        {
            item.Fault(ScenarioCodes.Missing, "findRate", "'findRate' looks for where the goodput holds; say its limits under 'goodput'", 0);
        }

        foreach (var (key, why) in NotWith.Where(no => item.Has(no.Key)))
        {
            item.Fault(ScenarioCodes.BadValue, key, $"'{key}' does not go with 'findRate': {why}; remove one of them", 0);
        }

        return read;
    }
}
