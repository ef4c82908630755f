namespace FaultTolerance.Artefacts.Reading;

/// <summary>Codes of findings while a run's artefacts are read.</summary>
internal static class ParseCodes
{
    public const string NoFolder = "FT0801";
    public const string Unreadable = "FT0802";
    public const string BrokenLine = "FT0803";
    public const string MissingPart = "FT0804";
    public const string ZoneAssumed = "FT0805";
    public const string UnknownService = "FT0806";
    public const string MissingScenario = "FT0807";
    public const string OddName = "FT0808";
    public const string UnevenClients = "FT0809";
    public const string PhaseFailed = "FT0810";
    public const string NoReadyText = "FT0811";
    public const string Unproven = "FT0812";
    public const string ClockOffset = "FT0813";
    public const string Interference = "FT0830";
    public const string NotAlone = "FT0831";
    public const string NotCollected = "FT0832";
    public const string NamespaceLost = "FT0833";
    public const string OwnTransport = "FT0814";
    public const string BooksDoNotAddUp = "FT0901";
    public const string RequestTwice = "FT0902";
}
