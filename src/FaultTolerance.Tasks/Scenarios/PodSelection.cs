namespace FaultTolerance.Scenarios;

/// <summary>Which pods of a service a fault hits.</summary>
/// <param name="Mode">How they are chosen.</param>
/// <param name="Count">For <see cref="SelectionMode.Count"/> and <see cref="SelectionMode.Random"/> the number; for
/// <see cref="SelectionMode.Percent"/> 1 to 100.</param>
internal readonly record struct PodSelection(SelectionMode Mode, int Count)
{
    /// <summary>The first pod, the reference suite's choice.</summary>
    public static PodSelection First { get; } = new(SelectionMode.First, 1);

    /// <summary>How many of so many pods are meant: a share is rounded up, and more than there are means all.</summary>
    /// <param name="all">How many pods there are.</param>
    public int Of(int all) => Math.Min(all, Mode switch
    {
        SelectionMode.First => 1,
        SelectionMode.Percent => (int)((((long)all * Count) + 99) / 100),
        SelectionMode.All => all,
        _ => Count,
    });
}

/// <summary>Ways of choosing pods, which are ordered by creation time, then name.</summary>
internal enum SelectionMode
{
    /// <summary>The first.</summary>
    First,

    /// <summary>The first so many.</summary>
    Count,

    /// <summary>A share, rounded up.</summary>
    Percent,

    /// <summary>All.</summary>
    All,

    /// <summary>So many at random, from the run's seed.</summary>
    Random,
}
