namespace FaultMatrix.Shared;

/// <summary>Finds the name that a mistyped one probably meant. Letters' case is ignored.</summary>
internal static class NearestName
{
    private const int Shown = 12;
    private const int ShortestBeginning = 3;

    /// <summary>
    /// The candidate at the smallest edit distance, the first in ordinal order of equals; null where none is near. Near is a third of the
    /// longer name's letters, 2 at least, and one letter must agree. Else a candidate that begins with the name.
    /// </summary>
    /// <param name="name">The mistyped name.</param>
    /// <param name="candidates">What it may have meant.</param>
    /// <param name="key">What of a name is compared; the name itself where there is none.</param>
    public static string? Of(string name, IEnumerable<string> candidates, Func<string, string>? key = null)
    {
        var keys = candidates
            .Select(candidate => (Name: candidate, Key: key is null ? candidate : key(candidate)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ToList();
        var wanted = key is null ? name : key(name);
        return keys
            .Select(pair => (pair.Name, Distance: Distance(wanted, pair.Key), Longer: Math.Max(wanted.Length, pair.Key.Length)))
            .Where(pair => pair.Distance < pair.Longer && pair.Distance <= Math.Max(2, pair.Longer / 3))
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Name)
            .FirstOrDefault()
            ?? keys.Where(pair => wanted.Length >= ShortestBeginning && pair.Key.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
                .Select(pair => pair.Name)
                .FirstOrDefault();
    }

    /// <summary>The candidate at the smallest edit distance, however far; null when there is none.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(name, candidate));

    /// <summary>A clause to append to a message: <c>; did you mean 'x'?</c>, or the choices where none is near.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates)
    {
        if (Of(name, candidates) is { } nearest)
        {
            return $"; did you mean '{nearest}'?";
        }

        var more = candidates.Count > Shown ? ", …" : "";
        return candidates.Count == 0 ? "" : $"; known: {string.Join(", ", candidates.Take(Shown))}{more}";
    }

    /// <summary>
    /// Insertions, deletions, substitutions and swaps of neighbours that turn <paramref name="a"/> into <paramref name="b"/> (optimal
    /// string alignment).
    /// </summary>
    public static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
