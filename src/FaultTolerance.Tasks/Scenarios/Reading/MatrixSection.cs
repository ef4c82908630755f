using System.Text.RegularExpressions;
using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>matrix</c>: which deployments meet which failures by default.</summary>
internal static partial class MatrixSection
{
    private const int LongestName = 150;

    /// <summary>Pairs of names, in the order of the matrix, then of the file; each pair once.</summary>
    public static List<MatrixRow> Read(
        ObjectReader root, IReadOnlyCollection<string> deployments, IReadOnlyCollection<string> failures)
    {
        var pairs = new List<MatrixRow>();
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in root.Objects("matrix"))
        {
            var left = Names(item, "deployments", "deployment", deployments);
            var right = Names(item, "failures", "failure", failures);
            var name = OwnName(item, left, right, named);
            item.End();
            foreach (var deployment in left)
            {
                pairs.AddRange(right.Select(failure => Checked(item, new MatrixRow(deployment, failure, name))));
            }
        }

        return [.. pairs.DistinctBy(row => (row.Deployment, row.Failure))];
    }

    private static string? OwnName(ObjectReader item, List<string> deployments, List<string> failures, HashSet<string> named)
    {
        if (item.Text("name") is not { } name)
        {
            return null;
        }

        if (deployments.Count > 1 || failures.Count > 1)
        {
            return item.Fault<string?>(
                ScenarioCodes.BadValue, "name", $"'name' is of one row, and this entry has {deployments.Count * failures.Count}", null);
        }

        if (!named.Add(name))
        {
            return item.Fault<string?>(ScenarioCodes.BadValue, "name", $"two rows have the name '{name}'", null);
        }

        return Name().IsMatch(name) ? name : item.Fault<string?>(
            ScenarioCodes.BadValue,
            "name",
            $"the name '{ForeignText.Line(name, 60)}' must be of a-z, 0-9, '-' and '_', begin with a letter or digit, and hold at most "
                + $"{LongestName} characters",
            null);
    }

    private static MatrixRow Checked(ObjectReader item, MatrixRow row) => row.Name is null
        && row.Deployment.Length + 1 + row.Failure.Length > LongestName
        ? item.Fault(
            ScenarioCodes.BadValue, "",
                $"the row '{row.Deployment}-{row.Failure}' must hold at most {LongestName} characters; give it a 'name'", row)
        : row;

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

    [GeneratedRegex("^[a-z0-9][-_a-z0-9]{0,149}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}

/// <summary>A row of the matrix.</summary>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Failure">The failure's name.</param>
/// <param name="Name">The row's own name; null for that of the two.</param>
internal readonly record struct MatrixRow(string Deployment, string Failure, string? Name = null);
