namespace FaultTolerance.Scenarios.Reading;

/// <summary>Codes of faults in scenarios.json and of demands on it.</summary>
internal static class ScenarioCodes
{
    public const string Unreadable = "FT0201";
    public const string DuplicateKey = "FT0202";
    public const string UnknownKey = "FT0203";
    public const string WrongType = "FT0204";
    public const string BadValue = "FT0205";
    public const string Missing = "FT0206";
    public const string UnknownName = "FT0207";
    public const string NoManifest = "FT0208";
    public const string UnknownScenario = "FT0210";
    public const string DoesNotApply = "FT0211";
    public const string UnknownProfile = "FT0212";
}
