using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads what a load's requests ask beyond their lengths: prompts of a file, a trace, prefixes, sessions.</summary>
internal static class WorkSection
{
    private static readonly string[] NotWithTrace =
    [
        "requestsPerClient", "ratePerClient", "arrivals", "burstiness", "ramp", "inputTokens", "outputTokens", "prompts", "sharedPrefix",
        "sessions", "sweep",
    ];

    private static readonly string[] NotWithPrompts = ["inputTokens", "sharedPrefix", "sessions"];

    /// <summary>The load with its work; what is wrong is reported.</summary>
    /// <param name="item">The load's object.</param>
    /// <param name="spec">What was read of it before.</param>
    /// <param name="checkFiles">Whether the files that it names are read.</param>
    public static LoadSpec Read(ObjectReader item, LoadSpec spec, bool checkFiles)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(spec);
        spec = spec with { SharedPrefix = Prefix(item), Sessions = Sessions(item, spec) };
        if (item.Text("prompts") is { } prompts)
        {
            Refuse(item, NotWithPrompts, "'prompts' says what is asked");
            spec = spec with { Prompts = Known(item, checkFiles, Full(item, prompts), path => PromptFile.Read(path, spec.Api))?.File };
        }

        return item.Has("trace") || item.Has("traceSpeed") ? Trace(item, spec, checkFiles) : spec;
    }

    private static LoadSpec Trace(ObjectReader item, LoadSpec spec, bool checkFiles)
    {
        var speed = item.Number("traceSpeed", 1, 0, 1_000_000, minExcluded: true);
        if (item.Text("trace", required: true) is not { } name)
        {
            return spec;
        }

        Refuse(item, NotWithTrace, "'trace' says it");
        if (spec.Mode != LoadMode.Open)
        {
            item.Fault(ScenarioCodes.BadValue, "trace", "a trace is sent at its times, whatever the answers do; set \"mode\": \"open\"", 0);
        }

        if (Known(item, checkFiles, Full(item, name), TraceFile.Read) is not var (file, lines))
        {
            return spec;
        }

        var seconds = (lines[^1].Milliseconds - lines[0].Milliseconds) / 1000 / speed;
        return spec with
        {
            Trace = new TraceSpec(file, seconds, speed),
            RequestsPerClient = (lines.Count + spec.Clients - 1) / spec.Clients,
            RatePerClient = lines.Count / Math.Max(1, seconds) / spec.Clients,
        };
    }

    private static SharedPrefix? Prefix(ObjectReader item)
    {
        if (item.Object("sharedPrefix") is not { } one)
        {
            return null;
        }

        var prefix = new SharedPrefix(one.Int("tokens", 1, 1, LengthSpec.Longest), one.Int("groups", 1, 1, LengthSpec.Longest));
        one.End();
        return one.Has("tokens") ? prefix : one.Fault(ScenarioCodes.Missing, "", "'tokens' is missing", prefix);
    }

    private static SessionSpec? Sessions(ObjectReader item, LoadSpec spec)
    {
        if (item.Object("sessions") is not { } one)
        {
            return null;
        }

        var sessions = new SessionSpec(one.Int("turns", 2, 2, 1000));
        one.End();
        if (!one.Has("turns"))
        {
            one.Fault(ScenarioCodes.Missing, "", "'turns' is missing", 0);
        }

        if (spec.Mode == LoadMode.Open || spec.Api == Api.Completions)
        {
            item.Fault(
                ScenarioCodes.BadValue, "sessions", "a turn needs the answer to the one before it: sessions are of closed loads that chat", 0);
        }

        return sessions;
    }

    private static void Refuse(ObjectReader item, IEnumerable<string> keys, string why)
    {
        foreach (var key in keys.Where(item.Has))
        {
            item.Fault(ScenarioCodes.BadValue, key, $"{why}; remove '{key}'", 0);
        }
    }

    private static string Full(ObjectReader item, string path) => Path.GetFullPath(path, Path.GetDirectoryName(item.Context.File)!);

    private static (WorkFile File, IReadOnlyList<T> Lines)? Known<T>(
        ObjectReader item, bool checkFiles, string path, Func<string, WorkLines<T>> read)
    {
        if (!checkFiles)
        {
            return null;
        }

        var lines = read(path);
        lines.Faults.ToList().ForEach(item.Context.Report);
        return lines.Faults.IsEmpty ? (new WorkFile(path, lines.Hash, lines.Items.Length), lines.Items) : null;
    }
}
