using System.Collections.Immutable;
using FaultMatrix.Shared;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>checks</c>.</summary>
internal static class CheckSection
{
    private static readonly string[] Percentiles = ["p95", "p99"];

    private static readonly ImmutableArray<string> Definitions = [.. RecoveryMeasures.Definitions.Select(definition => definition.Name)];

    public static List<CheckRule> Read(ObjectReader root, IReadOnlyCollection<string> deployments, IReadOnlyCollection<string> failures, IReadOnlyCollection<string> loads)
    {
        var rules = new List<CheckRule>();
        foreach (var item in root.Objects("checks"))
        {
            item.Has("description");
            var scenarios = deployments.SelectMany(deployment => failures.Select(failure => $"{deployment}-{failure}")).ToList();
            var rule = new CheckRule(
                Names(item, "scenarios", scenarios), Names(item, "deployments", deployments), Names(item, "failures", failures), Names(item, "loads", loads), Weighted(item));
            item.End();
            if (rule.Checks.IsEmpty)
            {
                item.Fault(ScenarioCodes.Missing, "", "this entry of 'checks' asks for nothing; name at least one check, such as \"outageAtMost\": 10", 0);
            }

            rules.Add(rule);
        }

        return rules;
    }

    private static ImmutableArray<CheckSpec> Weighted(ObjectReader item)
    {
        var weight = item.Number("weight", 1, 0.001, 1000);
        return [.. Checks(item).Select(check => check with { Weight = weight })];
    }

    private static IEnumerable<CheckSpec> Checks(ObjectReader item)
    {
        if (item.Has("outageAtMost"))
        {
            yield return new CheckSpec(CheckKind.OutageAtMost) { AtMost = item.Number("outageAtMost", 0, 0, 86_400) };
        }

        if (item.Has("lostAtMost"))
        {
            yield return new CheckSpec(CheckKind.LostAtMost) { AtMost = item.Int("lostAtMost", 0, 0, int.MaxValue) };
        }

        if (item.Has("successAfterAtLeast"))
        {
            yield return new CheckSpec(CheckKind.SuccessAfterAtLeast) { AtLeast = item.Number("successAfterAtLeast", 0, 0, 1) };
        }

        foreach (var (name, value) in Limits(item, "recoveryAtMost", Definitions, 86_400))
        {
            yield return new CheckSpec(CheckKind.RecoveryAtMost) { Subject = name, AtMost = value };
        }

        foreach (var (name, value) in Limits(item, "latencyAgainstBefore", Percentiles, 1_000_000))
        {
            yield return new CheckSpec(CheckKind.LatencyAgainstBefore) { Subject = name, AtMost = value };
        }

        if (item.Bool("noRestartElsewhere", false))
        {
            yield return new CheckSpec(CheckKind.NoRestartElsewhere);
        }

        if (item.Bool("generatorHealthy", false))
        {
            yield return new CheckSpec(CheckKind.GeneratorHealthy);
        }

        foreach (var check in item.Objects("logs").Select(Log).Concat(item.Objects("metrics").Select(Metric)))
        {
            yield return check;
        }
    }

    private static List<(string Name, double Value)> Limits(ObjectReader item, string key, IReadOnlyCollection<string> known, double max)
    {
        var limits = new List<(string, double)>();
        if (item.Object(key) is { } inner)
        {
            limits.AddRange(known.Where(inner.Has).Select(name => (name, inner.Number(name, 0, 0, max))));
            inner.End();
        }

        return limits;
    }

    private static CheckSpec Log(ObjectReader item)
    {
        var (service, holds, lacks) = (item.Text("service") ?? "*", item.Text("contains"), item.Text("containsNot"));
        item.End();
        if (holds is null == lacks is null)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of logs needs either 'contains' or 'containsNot'", 0);
        }

        return new CheckSpec(holds is null ? CheckKind.LogContainsNot : CheckKind.LogContains) { Service = service, Subject = holds ?? lacks };
    }

    private static CheckSpec Metric(ObjectReader item)
    {
        const double Any = 1e300;
        var check = new CheckSpec(CheckKind.MetricInRange)
        {
            Service = item.Text("service") ?? "*",
            Subject = item.Text("name", required: true),
            AtLeast = item.Has("atLeast") ? item.Number("atLeast", 0, -Any, Any) : null,
            AtMost = item.Has("atMost") ? item.Number("atMost", 0, -Any, Any) : null,
        };
        item.End();
        if (check.AtLeast is null && check.AtMost is null)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of metrics needs 'atLeast', 'atMost' or both", 0);
        }

        return check;
    }

    private static ImmutableArray<string> Names(ObjectReader item, string key, IReadOnlyCollection<string> known)
    {
        var patterns = item.Texts(key);
        foreach (var (pattern, i) in patterns.Select((pattern, i) => (pattern, i)))
        {
            if (!known.Any(name => Glob.Matches(pattern, name)))
            {
                item.Context.Report(ScenarioCodes.UnknownName, $"{item.At(key)}[{i}]", $"nothing matches '{pattern}'{NearestName.Hint(pattern, known)}");
            }
        }

        return patterns;
    }
}
