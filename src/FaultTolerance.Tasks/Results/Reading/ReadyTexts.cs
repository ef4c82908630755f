using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Reading;

/// <summary>A text by which a service's log says that a pod serves.</summary>
/// <param name="Engine">What writes it.</param>
/// <param name="Since">The version from which it does.</param>
/// <param name="Text">The expression, sought in the message.</param>
/// <param name="Hints">Texts of which each line that matches holds one: other lines need not be looked at.</param>
internal sealed partial record ReadyText(string Engine, string Since, Regex Text, ImmutableArray<byte[]> Hints)
{
    /// <summary>Letters of a message that are looked at. No engine writes so many into the line that says that it serves.</summary>
    public const int LongestMessage = 1_000_000;

    /// <summary>
    /// The words of a message that match, without the names and numbers in them, so that all pods of a version have the same; null where
    /// none do.
    /// </summary>
    public string? WordsIn(string message) =>
        Text.Match(message.Length <= LongestMessage ? message : message[..LongestMessage]) is { Success: true } match
            ? Endpoint().Replace(Count().Replace(Model().Replace(match.Value, "for M has"), "All n "), "'E.generate'")
            : null;

    /// <summary>Whether a raw line is worth parsing.</summary>
    public bool Possible(ReadOnlySpan<byte> line)
    {
        foreach (var hint in Hints)
        {
            if (line.IndexOf(hint) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("for .{1,1000} has", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Model();

    [GeneratedRegex(@"All \d+ ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Count();

    [GeneratedRegex(@"'[^']*\.generate'", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Endpoint();
}

/// <summary>
/// The ready texts of engines by version. A log is of one version: for each service the first text of the list that any of its logs holds
/// is the one that counts, so that a newer version's text never adds to what an older log says.
/// </summary>
internal static class ReadyTexts
{
    // Of a worker, with its model's name.
    private const string Initialized = " for .{1,1000} has been initialized";

    private static readonly ImmutableArray<string> Frontends = ["Frontend", "frontend"];
    private static readonly ImmutableArray<string> Vllm = ["VllmDecodeWorker", "VllmPrefillWorker", "worker"];
    private static readonly ImmutableArray<string> Trtllm = ["TRTLLMWorker", "TRTLLMDecodeWorker", "TRTLLMPrefillWorker"];
    private static readonly ImmutableArray<string> Workers = [.. Vllm, "decode", "prefill", .. Trtllm];

    // The first texts of each service are the reference suite's. A plain decode or prefill may be vLLM's as well as SGLang's.
    private static readonly ImmutableArray<(ImmutableArray<string> Services, ReadyText Text)> Known =
    [
        (Frontends, Of("frontend", "2025-09", "added model", "added model")),
        (Vllm, Of("vllm", "2025-09", $"(?:VllmWorker|[Ww]orker){Initialized}", "initialized")),
        (
            ["decode"],
            Of(
                "sglang",
                "2025-12",
                $"Model registration succeeded|Decode worker handler initialized|Worker handler initialized|[Ww]orker{Initialized}",
                "initialized",
                "registration succeeded"
            )
        ),
        (
            ["prefill"],
            Of(
                "sglang",
                "2025-12",
                $"Model registration succeeded|Prefill worker handler initialized|Worker handler initialized|[Ww]orker{Initialized}",
                "initialized",
                "registration succeeded"
            )
        ),
        (
            Trtllm,
            Of(
                "trtllm",
                "2025-12",
                $"TrtllmWorker{Initialized}|Model registration succeeded",
                "initialized",
                "registration succeeded"
            )
        ),
        (
            Frontends,
            Of(
                "frontend",
                "2026",
                "(?:Chat completions|Completions) is ready|Adding worker set to model|Committed discovered model group",
                "ompletions is ready",
                "Adding worker set",
                "Committed discovered"
            )
        ),
        (Workers, Of("mocker", "2026", @"All \d+ mocker worker\(s\) created and running", "mocker worker")),
        (Trtllm, Of("trtllm", "2026", "TRT-LLM engine health monitor started", "health monitor started")),
        (Workers, Of("dynamo", "2026", @"Registered endpoint '[^']*\.generate'", "Registered endpoint")),
    ];

    /// <summary>The engine of which today's versions write no text that says that it serves.</summary>
    public const string Silent = "trtllm";

    /// <summary>
    /// A service's texts, oldest version first; empty where none is known. Own ones, where there are any, stand for the built-in.
    /// </summary>
    /// <param name="service">The service's name, which counts where the engine is not known.</param>
    /// <param name="own">Texts of scenarios.json.</param>
    /// <param name="engine">The engine that its pods run; null where nothing says it.</param>
    public static ImmutableArray<ReadyText> For(string service, ImmutableArray<ReadyTextRule> own, string? engine = null)
    {
        var given = own.Where(rule => rule.Services.Count == 0 || rule.Services.Any(pattern => Glob.Matches(pattern, service))).ToList();
        return given.Count > 0
            ?
            [
                Of(
                    "scenarios.json",
                    "",
                    string.Join('|', given.Select(rule => Regex.Escape(rule.Text))),
                    [.. given.Select(rule => rule.Text)]
                ),
            ]
            : engine is not null ? OfEngine(engine, service)
            : [.. Known.Where(known => known.Services.Contains(service, StringComparer.Ordinal)).Select(known => known.Text)];
    }

    // A text of any worker is none of an engine that writes none: it comes before the engine serves.
    private static ImmutableArray<ReadyText> OfEngine(string engine, string service)
    {
        var own = Known.Where(known => known.Text.Engine == engine && !(engine == Silent && known.Text.Since == "2026")).ToList();
        var named = own.Where(known => known.Services.Contains(service, StringComparer.Ordinal)).ToList();
        return
        [
            .. (named.Count > 0 ? named : own)
                .Concat(Known.Where(known => known.Text.Engine == "dynamo" && engine is not ("frontend" or Silent)))
                .Select(known => known.Text),
        ];
    }

    // No pattern looks back further than over a name of 1,000 letters, so none takes long for any line that is looked at, and none needs a
    // limit of time. RegexOptions.NonBacktracking would have the engine built, and compiled, while the process runs.
    private static ReadyText Of(string engine, string since, string pattern, params ImmutableArray<string> hints) =>
        new(
            engine,
            since,
            new Regex(pattern, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout),
            [.. hints.Select(Encoding.UTF8.GetBytes)]
        );
}
