namespace FaultTolerance.StandIn.Wire;

/// <summary>Lines that are about the worker and not about a request.</summary>
internal static class WorkerNotice
{
    /// <summary>
    /// Engine core: initialised. Worker: <c>ready role pod model</c>, sent to every connection when it may take requests.
    /// </summary>
    public const string Ready = "ready";

    /// <summary>The worker keeps its lease.</summary>
    public const string Alive = "alive";

    /// <summary>The worker leaves in good order.</summary>
    public const string Bye = "bye";

    /// <summary>The worker is alive but its engine core is not.</summary>
    public const string EngineDead = "engine-dead";

    /// <summary>Frontend to decode worker: <c>peers address address ...</c>, the prefill workers of the graph.</summary>
    public const string Peers = "peers";

    /// <summary>Worker to engine core: <c>abort reason</c>, fail as an engine fails whose transfer partner is gone.</summary>
    public const string Abort = "abort";

    public const string Cancel = "cancel";

    /// <summary>The verb of a line, up to the first blank.</summary>
    public static string VerbOf(string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? line : line[..end];
    }

    /// <summary>What follows the verb.</summary>
    public static string RestOf(string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? "" : line[(end + 1)..];
    }
}
