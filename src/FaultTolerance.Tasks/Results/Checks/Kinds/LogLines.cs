using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaultTolerance.Results.Reading;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// Lines of a service's logs that match a pattern: how many, or how many a second between the logs' first and last stamp.
/// </summary>
internal sealed class LogLines : ICheck
{
    /// <summary>How many.</summary>
    public const string Count = "logLines";

    private const string Rate = "logRate";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public string Key => "logLines";

    public ImmutableArray<string> Kinds => [Count, Rate];

    public string UnknownWhen => "no log was collected, or its lines have no times";

    public JsonObject Schema => JsonNode.Parse("""
        {
          "type": "array", "minItems": 1, "description": "Lines of a service's logs that match a pattern: how many, or how many a second from the logs' first to their last time.",
          "items": {
            "type": "object", "additionalProperties": false, "required": ["matches"],
            "anyOf": [{ "required": ["atLeast"] }, { "required": ["atMost"] }],
            "properties": {
              "service": { "type": "string", "minLength": 1, "default": "*", "description": "Services by name or glob." },
              "matches": { "type": "string", "minLength": 1, "description": "A regular expression (.NET), sought in each line." },
              "perSecond": { "type": "boolean", "default": false, "description": "Whether the limits are lines a second." },
              "atLeast": { "type": "number", "minimum": 0 },
              "atMost": { "type": "number", "minimum": 0 }
            }
          }
        }
        """)!.AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Objects(Key).Select(One);

    public bool IsWhole(CheckSpec check) =>
        check is { Service: not null, Subject: { } pattern } and not { AtLeast: null, AtMost: null } && Pattern(pattern) is not null;

    public string Asked(CheckSpec check)
    {
        return $"{Limits.Range(check)} lines{(check.Kind == Rate ? " a second" : "")} of {check.Service} match '{check.Subject}'";
    }

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var files = PodFiles.Of(row, check.Service!, file =>
            file.EndsWith(".log", StringComparison.Ordinal) && !file.Contains(".metrics.", StringComparison.Ordinal));
        if (files.Count == 0 || Pattern(check.Subject!) is not { } pattern)
        {
            return Unknown(files.Count == 0 ? $"no log of {check.Service} was collected" : $"'{check.Subject}' is no pattern");
        }

        try
        {
            return Judge(check, files, pattern);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or RegexMatchTimeoutException)
        {
            return Unknown($"a log cannot be read: {error.Message}");
        }
    }

    private static Finding Judge(CheckSpec check, List<string> files, Regex pattern)
    {
        var (lines, where) = (0L, (string?)null);
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var file in files)
        {
            foreach (var line in File.ReadLines(file))
            {
                var matches = pattern.IsMatch(line);
                (lines, where) = (lines + (matches ? 1 : 0), matches ? where ?? file : where);
                if (check.Kind == Rate && PodLogLine.Read(Encoding.UTF8.GetBytes(line)).Time is { } time)
                {
                    (first, last) = (Math.Min(first, time.Ticks), Math.Max(last, time.Ticks));
                }
            }
        }

        if (check.Kind == Rate && last <= first)
        {
            return Unknown($"the logs of {check.Service} have no two times");
        }

        var seconds = check.Kind == Rate ? TimeSpan.FromTicks(last - first).TotalSeconds : 1;
        var value = lines / seconds;
        var inside = value >= (check.AtLeast ?? 0) && value <= (check.AtMost ?? double.PositiveInfinity);
        return Of(
            inside,
            check.Kind == Rate ? $"{lines} lines in {Number(Math.Round(seconds, 1))} s of {files.Count} logs, {Number(value)} a second"
                : $"{lines} lines of {files.Count} logs",
            where);
    }

    private static CheckSpec One(ObjectReader item)
    {
        var check = new CheckSpec(item.Bool("perSecond", false) ? Rate : Count)
        {
            Service = item.Text("service") ?? "*",
            Subject = item.Text("matches", required: true),
            AtLeast = item.Has("atLeast") ? item.Number("atLeast", 0, 0, 1e12) : null,
            AtMost = item.Has("atMost") ? item.Number("atMost", 0, 0, 1e12) : null,
        };
        item.End();
        if (check.AtLeast is null && check.AtMost is null)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of log lines needs 'atLeast', 'atMost' or both", 0);
        }

        return check.Subject is null || Pattern(check.Subject) is not null ? check
            : item.Fault(ScenarioCodes.BadValue, "matches", $"'{check.Subject}' is no regular expression", check);
    }

    private static Regex? Pattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
