namespace EndToEnd.RealDynamo;

/// <summary>One request of the prober.</summary>
/// <param name="Sent">When it was sent.</param>
/// <param name="Ended">When its answer was whole, or was given up.</param>
/// <param name="Answer">Empty for a whole answer with status 200; otherwise what came instead.</param>
internal sealed record Probe(DateTimeOffset Sent, DateTimeOffset Ended, string Answer)
{
    /// <summary>Whether it was answered.</summary>
    public bool Succeeded => Answer.Length == 0;

    /// <summary>Whether the server took it: what got no connection no server has counted.</summary>
    public bool Arrived => Answer != Prober.NoConnection;
}
