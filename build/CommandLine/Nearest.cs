using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Nearest
{
    /// <summary>
    /// The candidate with the smallest Damerau-Levenshtein distance (optimal string alignment), or null when none is near:
    /// at most a third of the longer name's letters may differ, and at least one letter must agree.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var key = Names.Key(name);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var other = Names.Key(candidate);
            var distance = Distance(key, other);
            var limit = Math.Max(1, Math.Max(key.Length, other.Length) / 3);
            if (distance <= limit && distance < Math.Max(key.Length, other.Length) && distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best ?? candidates.FirstOrDefault(c => key.Length >= 3 && Names.Key(c).StartsWith(key, StringComparison.Ordinal));
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn <paramref name="a"/> into <paramref name="b"/>.</summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
