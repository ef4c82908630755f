using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>The clients of a load that one process stands for: some that follow one another.</summary>
/// <param name="First">The first of them, from 0.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ClientShare(int First, int Count)
{
    /// <summary>Their numbers.</summary>
    public IEnumerable<int> Clients => Enumerable.Range(First, Count);

    /// <summary>Whether a client is one of them.</summary>
    public bool Has(int client) => client >= First && client < First + Count;

    /// <summary>The requests that are planned for them. An open loop deals its plan to all clients in turn.</summary>
    public long Planned(LoadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Clients.Sum(client => PlannedOf(spec, client));
    }

    /// <summary>The requests that are planned for one client.</summary>
    public static long PlannedOf(LoadSpec spec, int client)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return (spec.Planned / spec.Clients) + (client < spec.Planned % spec.Clients ? 1 : 0);
    }

    /// <summary>The shares of so many processes: as even as they can be, each at least one client.</summary>
    public static IReadOnlyList<ClientShare> Of(int clients, int processes) =>
    [
        .. Enumerable.Range(0, processes).Select(index =>
        {
            var first = (int)((long)clients * index / processes);
            return new ClientShare(first, (int)((long)clients * (index + 1) / processes) - first);
        }),
    ];
}
