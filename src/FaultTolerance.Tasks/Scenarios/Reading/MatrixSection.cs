using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>matrix</c>: which deployments meet which failures by default.</summary>
internal static class MatrixSection
{
    /// <summary>Pairs of names, in the order of the matrix, then of the file; each pair once.</summary>
    public static List<(string Deployment, string Failure)> Read(
        ObjectReader root, IReadOnlyCollection<string> deployments, IReadOnlyCollection<string> failures)
    {
        var pairs = new List<(string, string)>();
        foreach (var item in root.Objects("matrix"))
        {
            var left = Names(item, "deployments", "deployment", deployments);
            var right = Names(item, "failures", "failure", failures);
            item.End();
            pairs.AddRange(left.SelectMany(deployment => right.Select(failure => (deployment, failure))));
        }

        return [.. pairs.Distinct()];
    }

    private static List<string> Names(ObjectReader item, string key, string what, IReadOnlyCollection<string> known)
    {
        var patterns = item.Texts(key);
        if (patterns.IsEmpty)
        {
            item.Fault(ScenarioCodes.Missing, item.Has(key) ? key : "", $"'{key}' must name at least one {what}; \"*\" means all", 0);
        }

        var chosen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (pattern, i) in patterns.Select((pattern, i) => (pattern, i)))
        {
            var matching = known.Where(name => Glob.Matches(pattern, name)).ToList();
            chosen.UnionWith(matching);
            if (matching.Count == 0)
            {
                item.Context.Report(
                    ScenarioCodes.UnknownName,
                    $"{item.At(key)}[{i}]",
                    $"no {what} matches '{pattern}'{NearestName.Hint(pattern, known)}"
                );
            }
        }

        return [.. known.Where(chosen.Contains)];
    }
}
