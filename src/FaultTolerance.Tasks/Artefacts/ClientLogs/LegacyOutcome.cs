
namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// The nearest <see cref="Outcome"/> for attempts of logs that do not name one: the reference suite's status or exception text.
/// </summary>
internal static class LegacyOutcome
{
    /// <summary>The least length of an answer, in code points.</summary>
    public const int RequiredCharacters = 100;

    /// <summary>What the reference suite's parser makes of an attempt.</summary>
    public static Outcome Of(int status, string? error, bool success, int contentLength)
    {
        if (success)
        {
            return Outcome.Ok;
        }

        return status switch
        {
            0 => OfException(error ?? ""),
            429 or 503 or 529 => Outcome.Rejected,
            >= 200 and < 300 => contentLength < 0 ? Outcome.Malformed : Outcome.ShortOutput,
            >= 400 and < 500 => Outcome.ClientError,
            _ => Outcome.ServerError,
        };
    }

    private static Outcome OfException(string text)
    {
        bool Says(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        if (Says("name resolution") || Says("getaddrinfo"))
        {
            return Outcome.Dns;
        }

        if (Says("refused") || Says("assign requested address"))
        {
            return Outcome.Refused;
        }

        if (Says("connect timeout") || Says("ConnectTimeout"))
        {
            return Outcome.ConnectTimeout;
        }

        return Says("timed out") || Says("timeout") ? Outcome.Deadline
            : Says("IncompleteRead") || Says("broken connection") || Says("chunked") ? Outcome.ResetMidStream
            : Outcome.ResetBeforeHeaders;
    }
}
