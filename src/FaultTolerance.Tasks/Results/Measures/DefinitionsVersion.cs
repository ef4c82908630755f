namespace FaultTolerance.Results.Measures;

/// <summary>
/// The version of what measures mean. It rises when the same artefacts give another value, or the same load is sent in another way. Runs
/// of two versions are not compared, nor are trials of one row gathered from both.
/// </summary>
internal static class DefinitionsVersion
{
    /// <summary>
    /// 2: all times count from the fault's order, an outage from the send of the first lost request to that of the first then answered.
    /// 1: runs whose run.json does not say.
    /// </summary>
    public const int Current = 2;

    /// <summary>The code of a refusal to mix two versions.</summary>
    internal const string Mixed = "FT0815";
}
