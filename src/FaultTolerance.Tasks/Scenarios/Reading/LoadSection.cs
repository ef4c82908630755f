using FaultTolerance.Artefacts;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>loads</c>; what a load leaves out is the reference suite's value (<see cref="LoadSpec"/>).</summary>
internal static class LoadSection
{
    private static readonly string[] OpenKeys = ["arrivals", "ramp", "maxOutstanding"];

    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    public static Dictionary<string, LoadSpec> Read(ObjectReader section)
    {
        var loads = new Dictionary<string, LoadSpec>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            loads.TryAdd(name, One(name, item));
            item.End();
        }

        return loads;
    }

    private static LoadSpec One(string name, ObjectReader item)
    {
        var spec = new LoadSpec();
        spec = spec with
        {
            Name = name,
            Mode = item.Choice("mode", required: false, "closed", "open") == "open" ? LoadMode.Open : LoadMode.Closed,
            Clients = item.Int("clients", spec.Clients, 1, 10_000),
            RequestsPerClient = item.Int("requestsPerClient", spec.RequestsPerClient, 1, 10_000_000),
            InputTokens = item.Int("inputTokens", spec.InputTokens, 1, 1_000_000),
            OutputTokens = item.Int("outputTokens", spec.OutputTokens, 1, 1_000_000),
            RatePerClient = item.Number("ratePerClient", spec.RatePerClient, 0, 1_000_000, minExcluded: true),
            Arrivals = item.Choice("arrivals", required: false, "constant", "poisson") == "poisson" ? Arrivals.Poisson : Arrivals.Constant,
            Attempts = item.Int("attempts", spec.Attempts, 1, 100),
            RetryDelay = item.Seconds("retryDelay", spec.RetryDelay),
            Timeout = item.Seconds("timeout", spec.Timeout, 0, minExcluded: true),
            Stream = item.Bool("stream", spec.Stream),
            Connections =
                item.Choice("connections", required: false, "kept", "perRequest") == "perRequest"
                    ? Connections.PerRequest
                    : Connections.Kept,
            KeptResetsAreHarm = item.Bool("keptResetsAreHarm", spec.KeptResetsAreHarm),
            WarmUp = item.Seconds("warmUp", spec.WarmUp),
            Ramp = item.Seconds("ramp", spec.Ramp),
            MaxOutstanding = item.Int("maxOutstanding", spec.MaxOutstanding, 1, 1_000_000),
            StallTimeout = item.Seconds("stallTimeout", spec.StallTimeout, 0, minExcluded: true),
            UntilRecovered = item.Has("untilRecovered") ? item.Seconds("untilRecovered", TimeSpan.Zero) : null,
            StopWhen = StopSection.Read(item),
            MaxSendLag = item.Seconds("maxSendLag", spec.MaxSendLag, 0, minExcluded: true),
            Seed = item.Int("seed", spec.Seed, 0, int.MaxValue),
        };
        if (spec.Mode == LoadMode.Closed)
        {
            foreach (var key in OpenKeys.Where(item.Has))
            {
                item.Fault(ScenarioCodes.BadValue, key, $"'{key}' is for open loads only; set \"mode\": \"open\" or remove it", 0);
            }
        }

        return spec;
    }
}
