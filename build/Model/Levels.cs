namespace FaultMatrix.Build.Model;

/// <summary>How much is written.</summary>
internal enum Verbosity
{
    /// <summary>Everything.</summary>
    Verbose,

    /// <summary>What a user wants to see.</summary>
    Normal,

    /// <summary>Warnings and errors.</summary>
    Minimal,

    /// <summary>Errors.</summary>
    Quiet,
}

/// <summary>The level of a line.</summary>
internal enum Level
{
    /// <summary>Shown when everything is.</summary>
    Debug,

    /// <summary>What happens.</summary>
    Information,

    /// <summary>What may need somebody's hand.</summary>
    Warning,

    /// <summary>What went wrong.</summary>
    Error,
}
