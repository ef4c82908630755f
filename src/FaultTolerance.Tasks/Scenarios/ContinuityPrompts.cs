namespace FaultTolerance.Scenarios;

/// <summary>
/// The prompts of a load whose streams are compared: few, so that each was answered before the fault, and each client's own.
/// </summary>
internal static class ContinuityPrompts
{
    /// <summary>Prompts of a client.</summary>
    public const int PerClient = 4;

    /// <summary>Which of its client's prompts a request has.</summary>
    /// <param name="request">The request's number within the client.</param>
    public static long Of(long request) => request % PerClient;
}
