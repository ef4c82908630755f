namespace FaultTolerance.Cluster;

/// <summary>The nearest of some names, for messages about a name that is not there.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the smallest edit distance (Levenshtein); the first of equals. Null when there is none.</summary>
    public static string? To(string name, IEnumerable<string> candidates) => candidates.MinBy(c => Distance(name, c));

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + change);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
