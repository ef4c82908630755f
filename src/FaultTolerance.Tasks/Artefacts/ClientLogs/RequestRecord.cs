
namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>One planned request and its attempts. Reused.</summary>
internal sealed class RequestRecord
{
    private readonly List<AttemptRecord> _attempts = [new()];

    /// <summary>Number within the client, from 0.</summary>
    public long Number { get; private set; }

    /// <summary>When the plan wanted it sent, in ticks of the run's clock.</summary>
    public long Intended { get; private set; }

    /// <summary>When it ended, retry delays included.</summary>
    public long Ended { get; set; }

    /// <summary>That of its last attempt, or <see cref="Outcome.NotSent"/> or <see cref="Outcome.Shed"/>.</summary>
    public Outcome Outcome { get; set; }

    /// <summary>Why it was not sent, or null.</summary>
    public string? Reason { get; set; }

    /// <summary>What it asks, where the load's requests do not all ask the same; else null.</summary>
    public AskedWork? Asked { get; set; }

    /// <summary>Attempts made.</summary>
    public int Count { get; private set; }

    /// <summary>The attempts, in order.</summary>
    public AttemptRecord this[int index] => _attempts[index];

    /// <summary>Makes it ready for another request.</summary>
    public void Reset(long number, long intended)
    {
        Number = number;
        Intended = Ended = intended;
        Outcome = Outcome.NotSent;
        Reason = null;
        Asked = null;
        Count = 0;
    }

    /// <summary>The record of the next attempt.</summary>
    public AttemptRecord Next(RequestTarget target, long started)
    {
        if (Count == _attempts.Count)
        {
            _attempts.Add(new());
        }

        var attempt = _attempts[Count++];
        attempt.Reset(target, started);
        return attempt;
    }
}
