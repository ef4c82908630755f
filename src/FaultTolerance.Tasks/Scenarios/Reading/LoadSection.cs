using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>loads</c>; what a load leaves out is the reference suite's value (<see cref="LoadSpec"/>).</summary>
internal static class LoadSection
{
    private static readonly string[] OpenKeys = ["arrivals", "burstiness", "maxOutstanding"];

    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    /// <param name="section">The section.</param>
    /// <param name="checkFiles">Whether files of prompts and of traces are read.</param>
    public static Dictionary<string, LoadSpec> Read(ObjectReader section, bool checkFiles)
    {
        var loads = new Dictionary<string, LoadSpec>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            loads.TryAdd(name, One(name, item, checkFiles));
            item.End();
        }

        return loads;
    }

    private static GoodputLimits? Goodput(ObjectReader item)
    {
        if (item.Object("goodput") is not { } limits)
        {
            return null;
        }

        double? Limit(string key) => limits.Has(key) ? limits.Seconds(key, TimeSpan.Zero, 0, minExcluded: true).TotalSeconds : null;
        var read = new GoodputLimits { Ttft = Limit("ttft"), Itl = Limit("itl"), Latency = Limit("latency") };
        limits.End();
        if (limits.IsEmpty)
        {
            item.Fault(ScenarioCodes.Missing, "goodput", "'goodput' must say at least one of ttft, itl and latency", 0);
        }

        return read;
    }

    private static LoadSpec One(string name, ObjectReader item, bool checkFiles)
    {
        var spec = new LoadSpec();
        var input = LengthKey.Read(item, "inputTokens", spec.InputTokens);
        var output = LengthKey.Read(item, "outputTokens", spec.OutputTokens);
        spec = spec with
        {
            Name = name,
            Mode = item.Choice("mode", required: false, "closed", "open") == "open" ? LoadMode.Open : LoadMode.Closed,
            Clients = item.Int("clients", spec.Clients, 1, 10_000),
            RequestsPerClient = item.Int("requestsPerClient", spec.RequestsPerClient, 1, 10_000_000),
            InputTokens = input.Typical,
            InputLengths = input.Kind == LengthKind.Fixed ? null : input,
            OutputTokens = output.Typical,
            OutputLengths = output.Kind == LengthKind.Fixed ? null : output,
            RatePerClient = item.Number("ratePerClient", spec.RatePerClient, 0, 1_000_000, minExcluded: true),
            Arrivals = item.Choice("arrivals", required: false, "constant", "poisson", "gamma") switch
            {
                "poisson" => Arrivals.Poisson,
                "gamma" => Arrivals.Gamma,
                _ => Arrivals.Constant,
            },
            Burstiness = item.Number("burstiness", spec.Burstiness, 0.01, 1000),
            Attempts = item.Int("attempts", spec.Attempts, 1, 100),
            RetryDelay = item.Seconds("retryDelay", spec.RetryDelay),
            Timeout = item.Seconds("timeout", spec.Timeout, 0, minExcluded: true),
            Stream = item.Bool("stream", spec.Stream),
            Continuity = item.Bool("continuity", spec.Continuity),
            Api = item.Choice("api", required: false, "chat", "completions") == "completions" ? Api.Completions : Api.Chat,
            Connections =
                item.Choice("connections", required: false, "kept", "perRequest") == "perRequest"
                    ? Connections.PerRequest
                    : Connections.Kept,
            Reuse = item.Choice("reuse", required: false, "own", "inTurn", "lastUsed") switch
            {
                "inTurn" => Reuse.InTurn,
                "lastUsed" => Reuse.LastUsed,
                _ => Reuse.Own,
            },
            KeptResetsAreHarm = item.Bool("keptResetsAreHarm", spec.KeptResetsAreHarm),
            WarmUp = item.Seconds("warmUp", spec.WarmUp),
            Ramp = item.Seconds("ramp", spec.Ramp),
            MaxOutstanding = item.Int("maxOutstanding", spec.MaxOutstanding, 1, 1_000_000),
            StallTimeout = item.Seconds("stallTimeout", spec.StallTimeout, 0, minExcluded: true),
            UntilRecovered = item.Has("untilRecovered") ? item.Seconds("untilRecovered", TimeSpan.Zero) : null,
            StopWhen = StopSection.Read(item),
            MaxSendLag = item.Seconds("maxSendLag", spec.MaxSendLag, 0, minExcluded: true),
            Seed = item.Int("seed", spec.Seed, 0, int.MaxValue),
            Goodput = Goodput(item),
        };
        if (spec is { Stream: false, Goodput: { Ttft: not null } or { Itl: not null } })
        {
            item.Fault(ScenarioCodes.BadValue, "goodput", "ttft and itl are of streams; set \"stream\": true or ask for the latency alone", 0);
        }

        if (spec is { Stream: false, Continuity: true })
        {
            item.Fault(ScenarioCodes.BadValue, "continuity", "only streams are compared token by token; set \"stream\": true or remove it", 0);
        }

        if (spec is { Connections: Connections.PerRequest, Reuse: not Reuse.Own })
        {
            item.Fault(ScenarioCodes.BadValue, "reuse", "with a connection for each request nothing is used again; remove 'reuse' or 'connections'", 0);
        }

        if (spec.Arrivals != Arrivals.Gamma && spec.Mode == LoadMode.Open && item.Has("burstiness"))
        {
            item.Fault(ScenarioCodes.BadValue, "burstiness", "'burstiness' is the shape of gamma arrivals; set \"arrivals\": \"gamma\" or remove it", 0);
        }

        if (spec.Mode == LoadMode.Closed)
        {
            foreach (var key in OpenKeys.Where(item.Has))
            {
                item.Fault(ScenarioCodes.BadValue, key, $"'{key}' is for open loads only; set \"mode\": \"open\" or remove it", 0);
            }
        }

        spec = PodSection.Read(item, WorkSection.Read(item, spec, checkFiles)) with { RateSearch = RateSearchSection.Read(item) };
        if (spec is { Continuity: true, IsUniform: false })
        {
            item.Fault(ScenarioCodes.BadValue, "continuity", "streams are compared where prompts repeat, which only those of one length do; "
                + "remove it, or what else the load says of its prompts and lengths", 0);
        }

        return spec with { Sweep = SweepSection.Read(item, spec) };
    }
}
