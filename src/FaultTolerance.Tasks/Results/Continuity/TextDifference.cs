namespace FaultTolerance.Results.Continuity;

/// <summary>
/// What a sequence has less and more than the one that was expected, by their longest common subsequence. Where that would take more than
/// <see cref="MostCells"/> steps, what lies between the common beginning and the common end counts as one place.
/// </summary>
/// <param name="Lost">Elements that are missing.</param>
/// <param name="Doubled">Elements that come once more right after themselves, alone or as a run.</param>
/// <param name="Added">Further elements that nobody expected.</param>
/// <param name="Changed">Elements with another in their place.</param>
internal readonly record struct TextDifference(long Lost, long Doubled, long Added, long Changed)
{
    /// <summary>Steps that an alignment may take.</summary>
    public const long MostCells = 1_000_000;

    /// <summary>All of them.</summary>
    public long Total => Lost + Doubled + Added + Changed;

    /// <summary>Compares.</summary>
    public static TextDifference Of<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> got)
        where T : IEquatable<T>
    {
        var head = expected.CommonPrefixLength(got);
        var a = expected[head..];
        var b = got[head..];
        var tail = 0;
        while (tail < Math.Min(a.Length, b.Length) && a[^(tail + 1)].Equals(b[^(tail + 1)]))
        {
            tail++;
        }

        a = a[..^tail];
        b = b[..^tail];
        if (a.IsEmpty || b.IsEmpty || (long)(a.Length + 1) * (b.Length + 1) > MostCells)
        {
            return default(TextDifference).Place(a.Length, got, head, b.Length);
        }

        var common = Common(a, b);
        var (i, j, found) = (0, 0, default(TextDifference));
        while (i < a.Length || j < b.Length)
        {
            var (fromA, fromB) = (i, j);
            while ((i < a.Length || j < b.Length) && !(i < a.Length && j < b.Length && a[i].Equals(b[j])))
            {
                if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
                {
                    i++;
                }
                else
                {
                    j++;
                }
            }

            found = found.Place(i - fromA, got, head + fromB, j - fromB);
            while (i < a.Length && j < b.Length && a[i].Equals(b[j]))
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        return found;
    }

    // One place of the text: so many of the expected elements, and these of the others in their stead.
    private TextDifference Place<T>(int missing, ReadOnlySpan<T> got, int from, int length)
        where T : IEquatable<T>
    {
        var changed = Math.Min(missing, length);
        var doubled = missing == 0 && Repeats(got, from, length) ? length : 0;
        return new(Lost + missing - changed, Doubled + doubled, Added + length - changed - doubled, Changed + changed);
    }

    private static bool Repeats<T>(ReadOnlySpan<T> got, int from, int length)
        where T : IEquatable<T>
    {
        // Of two equal runs either may be called the second.
        var run = got.Slice(from, length);
        for (var period = 1; period <= length; period++)
        {
            if ((period <= from && run.SequenceEqual(got.Slice(from - period, length)))
                || (from + period + length <= got.Length && run.SequenceEqual(got.Slice(from + period, length))))
            {
                return true;
            }
        }

        return false;
    }

    // How long the common subsequence of what begins at each place is.
    private static int[,] Common<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : IEquatable<T>
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i].Equals(b[j]) ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
