using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>
/// One registration of a worker. A worker that comes back registers anew, so where leases are kept its dead instance stays beside the
/// new one until its lease is over.
/// </summary>
internal sealed class Instance(long id, string uid, ReadyNotice notice, GenerationClient client, DateTimeOffset leaseUntil) : IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    public long Id => id;

    /// <summary>Uid of its pod.</summary>
    public string Uid => uid;

    public ReadyNotice Notice => notice;

    public GenerationClient Client => client;

    /// <summary>When it is forgotten unless it keeps its lease.</summary>
    public DateTimeOffset LeaseUntil { get; set; } = leaseUntil;

    /// <summary>Whether it has said that it leaves: its model stays known until its process ends, but it is asked no more.</summary>
    public bool Leaving { get; set; }

    /// <summary>Cancelled when it is forgotten: whoever still waits for its first token waits in vain.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Forgets it.</summary>
    public void Dispose()
    {
        // Cancelled in the background, since whoever waits goes on from there; without a timer the source holds nothing to give back.
        _ = _gone.CancelAsync();
    }
}
