namespace FaultTolerance.Artefacts.Reading;

/// <summary>Codes of findings while a run's artefacts are read.</summary>
internal static class ParseCodes
{
    /// <summary>The run's folder is not there.</summary>
    public const string NoFolder = "FT0801";
    /// <summary>A file cannot be read.</summary>
    public const string Unreadable = "FT0802";
    /// <summary>A line cannot be read.</summary>
    public const string BrokenLine = "FT0803";
    /// <summary>A part of a scenario's artefacts is missing.</summary>
    public const string MissingPart = "FT0804";
    /// <summary>Times have no zone, and one was assumed.</summary>
    public const string ZoneAssumed = "FT0805";
    /// <summary>A folder is of no service that is known.</summary>
    public const string UnknownService = "FT0806";
    /// <summary>A scenario that was asked for has no folder.</summary>
    public const string MissingScenario = "FT0807";
    /// <summary>A folder's name is not one of a scenario.</summary>
    public const string OddName = "FT0808";
    /// <summary>The clients' logs differ in length.</summary>
    public const string UnevenClients = "FT0809";
    /// <summary>A phase failed.</summary>
    public const string PhaseFailed = "FT0810";
    /// <summary>No ready text was found, or none is known.</summary>
    public const string NoReadyText = "FT0811";
    /// <summary>A fault is not proven.</summary>
    public const string Unproven = "FT0812";
    /// <summary>A pod's clock differs from ours.</summary>
    public const string ClockOffset = "FT0813";
    /// <summary>Somebody else changed what was measured.</summary>
    public const string Interference = "FT0830";
    /// <summary>Others took part in serving, or in asking.</summary>
    public const string NotAlone = "FT0831";
    /// <summary>A row's artefacts were not collected.</summary>
    public const string NotCollected = "FT0832";
    /// <summary>The run lost its namespace during a row.</summary>
    public const string NamespaceLost = "FT0833";
    /// <summary>Rows were measured on a machine that had no processor left.</summary>
    public const string Saturated = "FT0835";
    /// <summary>The tool's own connection failed.</summary>
    public const string OwnTransport = "FT0814";
    /// <summary>The books do not add up.</summary>
    public const string BooksDoNotAddUp = "FT0901";
    /// <summary>A request is in the logs twice.</summary>
    public const string RequestTwice = "FT0902";
}
