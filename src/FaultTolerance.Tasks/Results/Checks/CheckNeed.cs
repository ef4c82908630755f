namespace FaultTolerance.Results.Checks;

/// <summary>What a check judges by that is not gathered of every row.</summary>
internal enum CheckNeed
{
    /// <summary>Nothing: the artefacts of every row are enough.</summary>
    Nothing,

    /// <summary>Lists of what runs in pods, by a shell there, after the load.</summary>
    Processes,

    /// <summary>Answers of pods to <c>/health</c>, through the load.</summary>
    Health,
}
