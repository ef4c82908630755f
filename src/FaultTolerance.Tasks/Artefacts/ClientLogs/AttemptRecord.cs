
namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>One HTTP request as it went: instants in ticks of the run's monotonic clock, and what became of it. Reused.</summary>
internal sealed class AttemptRecord
{
    /// <summary>An instant that never came.</summary>
    public const long Never = long.MinValue;

    /// <summary>Where it went.</summary>
    public RequestTarget Target { get; set; } = RequestTarget.None;

    /// <summary>The attempt begins: before the connection is made, where a new one is needed.</summary>
    public long Started { get; set; }

    /// <summary>A new connection stands; <see cref="Never"/> when a kept one was used.</summary>
    public long Connected { get; set; }

    /// <summary>The response's headers are there.</summary>
    public long FirstByte { get; set; }

    /// <summary>The last byte of the body is there.</summary>
    public long LastByte { get; set; }

    /// <summary>The first token of a stream is there.</summary>
    public long FirstToken { get; set; }

    /// <summary>The attempt ends, however it does.</summary>
    public long Ended { get; set; }

    /// <summary>HTTP status, 0 where none came or where the answer broke.</summary>
    public int Status { get; set; }

    /// <summary>What became of it.</summary>
    public Outcome Outcome { get; set; }

    /// <summary>What went wrong, or null.</summary>
    public string? Error { get; set; }

    /// <summary>The answer's body as Python writes JSON; empty for none.</summary>
    public ByteBuffer Result { get; } = new();

    /// <summary>Whether the answer was streamed, so that the stream's figures mean something.</summary>
    public bool Streamed { get; set; }

    /// <summary>Tokens received, by the service's own count; -1 where it gave none.</summary>
    public int Tokens { get; set; }

    /// <summary>Events with output.</summary>
    public int Events { get; set; }

    /// <summary>Tokens asked for.</summary>
    public int TokensAsked { get; set; }

    /// <summary>Longest gap between two tokens, seconds; NaN with fewer than two.</summary>
    public double InterTokenMax { get; set; }

    /// <summary>Median gap between two tokens, seconds; NaN with fewer than two.</summary>
    public double InterTokenP50 { get; set; }

    /// <summary>
    /// Every gap between two tokens, as a JSON list of lengths in seconds, each with its count; empty with fewer than two.
    /// </summary>
    public ByteBuffer Gaps { get; } = new();

    /// <summary>The text of each event of a stream, as a JSON list; empty where nobody asked for it.</summary>
    public ByteBuffer Pieces { get; } = new();

    /// <summary>Whether the stream went on after <see cref="Pieces"/>.</summary>
    public bool PiecesCut { get; set; }

    /// <summary>Events with output before the longest gap; 0 without one.</summary>
    public int PauseAfter { get; set; }

    /// <summary>Makes it ready for another attempt.</summary>
    public void Reset(RequestTarget target, long started)
    {
        Target = target;
        Started = started;
        Connected = FirstByte = LastByte = FirstToken = Never;
        Ended = started;
        Status = 0;
        Outcome = Outcome.Transport;
        Error = null;
        Result.Clear();
        Gaps.Clear();
        Pieces.Clear();
        PiecesCut = false;
        PauseAfter = 0;
        Streamed = false;
        Tokens = -1;
        Events = TokensAsked = 0;
        InterTokenMax = InterTokenP50 = double.NaN;
    }
}
