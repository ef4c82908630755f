using System.Collections.Immutable;
using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>checks</c>.</summary>
internal static class CheckSection
{
    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    public static List<CheckRule> Read(
        ObjectReader root,
        ImmutableArray<ICheckSyntax> known,
        IReadOnlyCollection<string> deployments,
        IReadOnlyCollection<string> failures,
        IReadOnlyCollection<string> loads)
    {
        var rules = new List<CheckRule>();
        foreach (var item in root.Objects("checks"))
        {
            item.Has("description");
            var scenarios = deployments.SelectMany(deployment => failures.Select(failure => $"{deployment}-{failure}")).ToList();
            var rule = new CheckRule(
                Names(item, "scenarios", scenarios),
                Names(item, "deployments", deployments),
                Names(item, "failures", failures),
                Names(item, "loads", loads),
                Checks(item, known)
            );
            item.End();
            if (rule.Checks.IsEmpty)
            {
                item.Fault(
                    ScenarioCodes.Missing,
                    "",
                    "this entry of 'checks' asks for nothing; name at least one check, such as \"outageAtMost\": 10",
                    0
                );
            }

            rules.Add(rule);
        }

        return rules;
    }

    private static ImmutableArray<CheckSpec> Checks(ObjectReader item, ImmutableArray<ICheckSyntax> known)
    {
        var weight = item.Number("weight", 1, 0.001, 1000);
        return
        [
            .. known
                .Where(check => item.Has(check.Key))
                .SelectMany(check => check.Read(item))
                .Select(check => check with { Weight = weight }),
        ];
    }

    private static ImmutableArray<string> Names(ObjectReader item, string key, IReadOnlyCollection<string> known)
    {
        var patterns = item.Texts(key);
        foreach (var (pattern, i) in patterns.Select((pattern, i) => (pattern, i)))
        {
            if (!known.Any(name => Glob.Matches(pattern, name)))
            {
                item.Context.Report(
                    ScenarioCodes.UnknownName,
                    $"{item.At(key)}[{i}]",
                    $"nothing matches '{pattern}'{NearestName.Hint(pattern, known)}"
                );
            }
        }

        return patterns;
    }
}
