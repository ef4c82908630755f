namespace FaultMatrix.Build.Model;

/// <summary>The exit codes of <c>build.sh</c>.</summary>
internal static class ExitCodes
{
    /// <summary>All rows measured.</summary>
    public const int Success = 0;

    /// <summary>A scenario could not be measured, a fault is unproven, or a test failed.</summary>
    public const int NotMeasured = 1;

    /// <summary>Bad usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>The cluster cannot be reached or forbids what is needed.</summary>
    public const int Cluster = 3;

    /// <summary>Ended by SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>
    /// The exit code of an error code: <c>FT01</c> and <c>FT02</c> are usage, <c>FT03</c> is the cluster, the rest is a measurement that
    /// failed.
    /// </summary>
    public static int Of(string? code) => code switch
    {
        not null when code.StartsWith("FT01", StringComparison.Ordinal) || code.StartsWith("FT02", StringComparison.Ordinal) => Usage,
        not null when code.StartsWith("FT03", StringComparison.Ordinal) => Cluster,
        _ => NotMeasured,
    };
}
