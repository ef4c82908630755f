namespace FaultTolerance.Scenarios.Reading;

/// <summary>Codes of faults in scenarios.json and of demands on it.</summary>
internal static class ScenarioCodes
{
    /// <summary>The file cannot be read.</summary>
    public const string Unreadable = "FT0201";
    /// <summary>A key is there twice.</summary>
    public const string DuplicateKey = "FT0202";
    /// <summary>A key is not known.</summary>
    public const string UnknownKey = "FT0203";
    /// <summary>A value is of another type.</summary>
    public const string WrongType = "FT0204";
    /// <summary>A value is out of its bounds.</summary>
    public const string BadValue = "FT0205";
    /// <summary>A key is missing.</summary>
    public const string Missing = "FT0206";
    /// <summary>A name stands for nothing.</summary>
    public const string UnknownName = "FT0207";
    /// <summary>A manifest is not there.</summary>
    public const string NoManifest = "FT0208";
    /// <summary>No scenario matches.</summary>
    public const string UnknownScenario = "FT0210";
    /// <summary>What is asked does not apply to the graph.</summary>
    public const string DoesNotApply = "FT0211";
    /// <summary>A profile is not known.</summary>
    public const string UnknownProfile = "FT0212";
    /// <summary>A file of prompts or of a trace is not there.</summary>
    public const string NoWork = "FT0240";
    /// <summary>A line of such a file is wrong.</summary>
    public const string BadWork = "FT0241";
}
