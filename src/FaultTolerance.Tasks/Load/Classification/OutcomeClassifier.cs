using System.Net.Sockets;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Classification;

/// <summary>
/// The one place where an attempt gets its outcome. Every input has exactly one: what the generator did itself goes first, then
/// what the transport says of itself, then how far the attempt got.
/// </summary>
internal static class OutcomeClassifier
{
    /// <summary>The outcome of an attempt that broke.</summary>
    public static Outcome Failure(AttemptStage stage, AbortReason abort, Exception error) => (abort, error) switch
    {
        (AbortReason.Stop, _) => Outcome.Cancelled,
        (AbortReason.Stall, _) => Outcome.Stalled,
        (AbortReason.Deadline, _) => stage == AttemptStage.Connecting ? Outcome.ConnectTimeout : Outcome.Deadline,
        (_, TransportException transport) => transport.Outcome,
        (_, HttpFormatException) => Outcome.Malformed,
        (_, IOException or SocketException) when stage == AttemptStage.Connecting => Connect(error),
        (_, IOException or SocketException or ObjectDisposedException) => stage switch
        {
            AttemptStage.Body => Outcome.ResetMidStream,
            _ => Outcome.ResetBeforeHeaders,
        },
        // What is left never touched the product: a mistake of ours or of the transport.
        _ => Outcome.Transport,
    };

    /// <summary>The outcome that a status alone decides; null for 200, whose body decides.</summary>
    public static Outcome? Status(int status) => status switch
    {
        200 => null,
        429 or 503 or 529 => Outcome.Rejected,
        >= 400 and <= 499 => Outcome.ClientError,
        >= 500 and <= 599 => Outcome.ServerError,
        // A redirect, or success without the answer: not what this endpoint's protocol allows.
        _ => Outcome.Malformed,
    };

    /// <summary>The outcome of a whole answer with status 200.</summary>
    public static Outcome Answer(in AnswerFacts answer, int tokensAsked) => answer switch
    {
        { WellFormed: false } or { HasChoice: false } => Outcome.Malformed,
        { Tokens: >= 0 } => answer.Tokens < tokensAsked ? Outcome.ShortOutput : Outcome.Ok,
        // Nobody counted the tokens. A token is at least a character, which is the reference suite's own rule for 100.
        _ => answer.Characters < tokensAsked ? Outcome.ShortOutput : Outcome.Ok,
    };

    /// <summary>The outcome of a stream whose connection ended in order.</summary>
    public static Outcome Stream(in StreamFacts stream, int tokensAsked) => stream switch
    {
        { WellFormed: false } => Outcome.Malformed,
        { ErrorCode: { } code } => Status(code) is { } outcome and not Outcome.Malformed ? outcome : Outcome.ServerError,
        { Finished: false } => Outcome.StreamTruncated,
        _ => stream.Tokens < tokensAsked ? Outcome.ShortOutput : Outcome.Ok,
    };

    private static Outcome Connect(Exception error) => (error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => Outcome.Dns,
        SocketError.TimedOut => Outcome.ConnectTimeout,
        // A pod that is gone takes its address with it: no route to it is no listener at it.
        SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.AddressNotAvailable => Outcome.Refused,
        _ => Outcome.Transport,
    };
}

/// <summary>What a non-streamed body holds.</summary>
/// <param name="WellFormed">It is JSON.</param>
/// <param name="HasChoice">It has a first choice with a message.</param>
/// <param name="Tokens"><c>usage.completion_tokens</c>, -1 when not said.</param>
/// <param name="Characters">Length of the content, an upper bound where it holds escapes.</param>
internal readonly record struct AnswerFacts(bool WellFormed, bool HasChoice, long Tokens, int Characters);

/// <summary>What a stream held.</summary>
/// <param name="WellFormed">Every event could be read.</param>
/// <param name="Finished">The end marker came.</param>
/// <param name="Tokens">Tokens, by usage or else by events with content.</param>
/// <param name="ErrorCode">The code of an error sent inside the stream, 0 for one without; null for none.</param>
internal readonly record struct StreamFacts(bool WellFormed, bool Finished, long Tokens, int? ErrorCode);
