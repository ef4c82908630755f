namespace EndToEnd;

/// <summary>A step of a fault, as others see it.</summary>
internal enum FaultStep
{
    /// <summary>Its undo is noted, or, where there is nothing to undo, it is ordered.</summary>
    Noted,

    /// <summary>It is proven.</summary>
    Landed,

    /// <summary>Its end is proven.</summary>
    Healed,
}
