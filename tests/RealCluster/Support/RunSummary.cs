using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RealCluster.Support;

/// <summary>A run's rows in the terms in which two clusters are compared: classes of outcome, not numbers.</summary>
internal sealed partial class RunSummary(string folder, IReadOnlyDictionary<string, JsonObject> rows)
{
    // A row in which less fails than this lost what was in flight; one in which more fails was out of service for a time.
    private const double OutageShare = 0.05;

    public IReadOnlyDictionary<string, JsonObject> Rows => rows;

    /// <summary>Reads the run that a build's output names.</summary>
    public static RunSummary Of(string output)
    {
        var folder = Path.Combine(Repository.Root, ResultsLine().Matches(output).Last().Groups["folder"].Value);
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "summary.json")))!;
        return new RunSummary(
            folder,
            summary["scenarios"]!.AsArray().ToDictionary(r => r!["scenario"]!.GetValue<string>(), r => r!.AsObject())
        );
    }

    /// <summary>State, and what failed before and after the fault: nothing, what was in flight, or more.</summary>
    public string ClassOf(string scenario)
    {
        var row = rows[scenario];
        var legacy = row["legacy"]!;
        double before = Number(legacy, "failedBefore"), failed = Number(legacy, "failedAfter"), succeeded = Number(legacy, "successAfter");
        var after = failed + succeeded > 0 && failed / (failed + succeeded) > OutageShare ? "outage" : "in flight at most";
        return $"{row["state"]!.GetValue<string>()}, before: {(before > 0 ? "failures" : "none")}, after: {after}, recovery {(legacy["recovery"] is null ? "none" : "measured")}";
    }

    /// <summary>Its class and the numbers behind it, for the eye.</summary>
    public string Describe(string scenario)
    {
        var legacy = rows[scenario]["legacy"]!;
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{ClassOf(scenario)} (startup {Number(legacy, "startup"):0.0} s, failed {Number(legacy, "failedBefore"):0} + {Number(legacy, "failedAfter"):0}, recovery {Number(legacy, "recovery"):0.0} s)"
        );
    }

    /// <summary>The main events of a scenario in their order, with the first readiness of the hit service after the fault.</summary>
    public IReadOnlyList<string> EventsOf(string scenario)
    {
        var events = new List<string>();
        string? hit = null;
        foreach (var line in File.ReadLines(Path.Combine(folder, $"test_fault_scenario[{scenario}]", "timeline.jsonl")))
        {
            var e = JsonNode.Parse(line)!;
            var name = e["event"]!.GetValue<string>();
            if (
                name
                is "deployment.created"
                    or "deployment.ready"
                    or "load.started"
                    or "load.first_request"
                    or "fault.issued"
                    or "fault.landed"
            )
            {
                events.Add(name);
                hit = name == "fault.landed" ? e["service"]!.GetValue<string>() : hit;
            }
            else if (
                hit is not null
                && name == "pod"
                && e["service"]!.GetValue<string>() == hit
                && e["change"]!.GetValue<string>() == "ready"
            )
            {
                events.Add("ready again");
                hit = null;
            }
        }

        return events;
    }

    /// <summary>Names of the pods of a scenario, as its timeline has them.</summary>
    public IReadOnlyList<string> PodsOf(string scenario) =>
        [.. File.ReadLines(Path.Combine(folder, $"test_fault_scenario[{scenario}]", "timeline.jsonl"))
            .Select(line => JsonNode.Parse(line)!)
            .Where(e => e["event"]!.GetValue<string>() == "pod")
            .Select(e => e["pod"]!.GetValue<string>())
            .Distinct(StringComparer.Ordinal)];

    /// <summary>That every planned request stands in the books of every row.</summary>
    public void AssertBooksAddUp()
    {
        Assert.NotEmpty(rows);
        foreach (var (name, row) in rows)
        {
            Assert.True(Number(row["requests"]!, "planned") > 0, $"{name}: nothing was planned");
            var requests = row["requests"]!;
            Assert.True(
                Number(requests, "planned")
                    == Number(requests, "succeeded") + Number(requests, "failed") + Number(requests, "notSent")
                        + Number(requests, "keptResets") + Number(requests, "ownTransport"),
                $"{name}: {requests.ToJsonString()}");
        }
    }

    private static double Number(JsonNode holder, string property) => holder[property]?.GetValue<double>() ?? 0;

    [GeneratedRegex(@"^Results: (?<folder>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ResultsLine();
}
