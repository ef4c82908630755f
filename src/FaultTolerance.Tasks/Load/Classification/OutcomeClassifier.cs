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
    /// <param name="stage">How far it got.</param>
    /// <param name="abort">Why the generator ended it, if it did.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="closing">It went over a kept connection, which broke at once: the peer was closing it.</param>
    public static Outcome Failure(AttemptStage stage, AbortReason abort, Exception error, bool closing = false) => (abort, error) switch
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
            _ when closing => Outcome.ResetKept,
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
        { Error: { } error } => Told(error),
        { WellFormed: false } or { HasChoice: false } => Outcome.Malformed,
        { Tokens: >= 0 } => answer.Tokens < tokensAsked ? Outcome.ShortOutput : Outcome.Ok,
        { HasToolCalls: true } => Outcome.Ok,
        // Nobody counted the tokens. A token is at least a character, which is the reference suite's own rule for 100.
        _ => answer.Characters < tokensAsked ? Outcome.ShortOutput : Outcome.Ok,
    };

    /// <summary>The outcome of a stream whose connection ended in order, or that told its own end or error before.</summary>
    public static Outcome Stream(in StreamFacts stream, int tokensAsked) => stream switch
    {
        { Error: { } error } => Told(error),
        { WellFormed: false } => Outcome.Malformed,
        { Finished: false } => Outcome.StreamTruncated,
        { Tokens: >= 0 } => stream.Tokens < tokensAsked ? Outcome.ShortOutput : Outcome.Ok,
        // Nobody counted the tokens, and an event may hold several: only that there was output can be judged.
        _ => stream.Events == 0 ? Outcome.ShortOutput : Outcome.Ok,
    };

    private static Outcome Told(ToldError error) =>
        Status(error.Code) is { } outcome and not Outcome.Malformed ? outcome : Outcome.ServerError;

    private static Outcome Connect(Exception error) =>
        (error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => Outcome.Dns,
            SocketError.TimedOut => Outcome.ConnectTimeout,
            // A pod that is gone takes its address with it: no route to it is no listener at it.
            SocketError.ConnectionRefused
            or SocketError.ConnectionReset
            or SocketError.ConnectionAborted
            or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable
            or SocketError.HostDown
            or SocketError.AddressNotAvailable => Outcome.Refused,
            _ => Outcome.Transport,
        };
}
