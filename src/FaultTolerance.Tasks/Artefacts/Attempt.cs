namespace FaultTolerance.Artefacts;

/// <summary>
/// One HTTP request as a client log holds it. Instants are UTC ticks (100 ns), 0 where the log has none; a value, so that a million
/// of them fit into memory.
/// </summary>
internal readonly record struct Attempt
{
    /// <summary>The client's number.</summary>
    public int Client { get; init; }

    /// <summary>The request's number within the client.</summary>
    public int Request { get; init; }

    /// <summary>The attempt's number within the request, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Whether it was its request's last.</summary>
    public bool IsLast { get; init; }

    /// <summary>When its request was meant to be sent.</summary>
    public long Intended { get; init; }

    /// <summary>When it was sent.</summary>
    public long Sent { get; init; }

    /// <summary>When the new connection that it made stood; 0 where it used a kept one.</summary>
    public long Connected { get; init; }

    /// <summary>When the first byte of the answer came.</summary>
    public long FirstByte { get; init; }

    /// <summary>When the last byte came.</summary>
    public long LastByte { get; init; }

    /// <summary>When the first token came (streaming).</summary>
    public long FirstToken { get; init; }

    /// <summary>When its request ended, retries included: what the legacy rules split by.</summary>
    public long RequestEnd { get; init; }

    /// <summary>How long it took, in nanoseconds.</summary>
    public long ElapsedNanoseconds { get; init; }

    /// <summary>HTTP status; 0 where there was none.</summary>
    public int Status { get; init; }

    /// <summary>What became of it; for logs without our keys, from the status and the legacy rule.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>Success by the legacy rule: an answer with at least 100 characters.</summary>
    public bool LegacySuccess { get; init; }

    /// <summary>Characters of the answer; -1 where it has none.</summary>
    public int ContentLength { get; init; }

    /// <summary>Tokens received (streaming): by the service's count, or else events with output, of which each may hold several.</summary>
    public int Tokens { get; init; }

    /// <summary>Whether the service counted <see cref="Tokens"/>.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Tokens that its request asks for, streamed or not; 0 where they are the load's for all requests.</summary>
    public int OutputAsked { get; init; }

    /// <summary>Tokens asked for (streaming).</summary>
    public int TokensAsked { get; init; }

    /// <summary>Longest gap between two tokens, in seconds.</summary>
    public float InterTokenMax { get; init; }

    /// <summary>Median gap between two tokens, in seconds.</summary>
    public float InterTokenMedian { get; init; }

    /// <summary>Place of its gaps between tokens in <see cref="AttemptCollection.Gaps"/>; 0 where the log has none.</summary>
    public int Gaps { get; init; }

    /// <summary>Place of its text in <see cref="AttemptCollection.Texts"/>, from 1; 0 where the log has none.</summary>
    public int Text { get; init; }

    /// <summary>The address used.</summary>
    public string? Url { get; init; }

    /// <summary>The frontend pod.</summary>
    public string? Pod { get; init; }

    /// <summary>Text of the exception.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// When it was over: its last byte where it was answered, else sent + elapsed, since a stream that breaks has its last byte long before
    /// that is seen; else its request's end.
    /// </summary>
    public long Ended =>
        LastByte != 0 && (Outcome == Outcome.Ok || Sent == 0) ? LastByte
        : Sent != 0 ? Math.Max(LastByte, Sent + (ElapsedNanoseconds / 100))
        : RequestEnd;

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds => ElapsedNanoseconds / 1e9;
}

/// <summary>A request that was planned and never sent.</summary>
/// <param name="Client">The client's number.</param>
/// <param name="Request">The request's number within the client.</param>
/// <param name="Intended">When it was meant to be sent, UTC ticks; 0 where unknown.</param>
/// <param name="RecordedAt">When it was given up, UTC ticks.</param>
/// <param name="Outcome"><see cref="Outcome.NotSent"/> or <see cref="Outcome.Shed"/>.</param>
/// <param name="Reason">Why.</param>
internal sealed record UnsentRequest(int Client, int Request, long Intended, long RecordedAt, Outcome Outcome, string? Reason);
