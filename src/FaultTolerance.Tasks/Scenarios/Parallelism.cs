namespace FaultTolerance.Scenarios;

/// <summary>How many scenarios run at the same time where nobody says otherwise.</summary>
/// <param name="AtMost">On any machine, 1 to <see cref="Most"/>.</param>
/// <param name="PerProcessor">
/// For each processor of a machine that carries the graphs as well as the load, 0.01 to <see cref="Most"/>; null sets no such limit. Rows
/// that share processors which have nothing left are measured too long.
/// </param>
internal sealed record Parallelism(int AtMost, double? PerProcessor = null)
{
    /// <summary>More than any machine is asked for.</summary>
    public const int Most = 64;

    /// <summary>How many where the graphs run, at least 1.</summary>
    /// <param name="processors">Processors of this machine, where the graphs run on it; null where they run elsewhere.</param>
    public int On(int? processors) => PerProcessor is { } each && processors is { } count
        ? Math.Clamp((int)Math.Floor(each * count), 1, AtMost) : AtMost;
}
