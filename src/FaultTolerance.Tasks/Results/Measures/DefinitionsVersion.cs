namespace FaultTolerance.Results.Measures;

/// <summary>
/// The version of what measures mean. It rises when the same artefacts give another value, or the same load is sent in another way. Runs
/// of two versions are not compared, nor are trials of one row gathered from both.
/// </summary>
internal static class DefinitionsVersion
{
    /// <summary>
    /// 3: what failed on the tool's own way, or on a kept connection that the server was closing, is no failure and no harm.
    /// 2: all times count from the fault's order, an outage from the send of the first lost request to that of the first then answered.
    /// 1: runs whose run.json does not say.
    /// </summary>
    public const int Current = 3;

    /// <summary>The code of a refusal to mix two versions.</summary>
    internal const string Mixed = "FT0815";
}
