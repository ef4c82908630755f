using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;

namespace FaultTolerance.Faults.Network;

/// <summary>
/// A connection that is tried from within one pod to another, before, under and after a fault; or the look-up of a name in a pod.
/// </summary>
/// <param name="session">Where.</param>
/// <param name="from">The pod that connects, with its container.</param>
/// <param name="address">The address that is connected to, or the name that is looked up.</param>
/// <param name="port">The port; 0 for a look-up.</param>
/// <param name="what">What is there, for messages.</param>
internal sealed class ConnectionProbe(ClusterSession session, LeftPod from, string address, int port, string what)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What is tried.</summary>
    public override string ToString() =>
        port == 0 ? $"the look-up of {address} in {from.Name}" : $"a connection from {from.Name} to {what}";

    /// <summary>That of an undo which <see cref="Note"/> made; null where it has none.</summary>
    public static ConnectionProbe? Of(ClusterSession session, JsonObject undo)
    {
        ArgumentNullException.ThrowIfNull(undo);
        return undo["probe"] is JsonObject probe
            ? new ConnectionProbe(
                session, LeftPod.Of(session, probe), probe["address"]!.GetValue<string>(), probe["port"]!.GetValue<int>(),
                probe["what"]!.GetValue<string>())
            : null;
    }

    /// <summary>What an undo has to know to try the same connection.</summary>
    public JsonObject Note()
    {
        var note = from.Note();
        note["address"] = address;
        note["port"] = port;
        note["what"] = what;
        return note;
    }

    /// <summary>Tries it once.</summary>
    /// <exception cref="FaultMatrixException">FT0621: there is nothing to try it with. FT0627: it cannot be tried.</exception>
    public async Task<Reach> TryAsync(CancellationToken cancellation)
    {
        var command = port == 0 ? LookUpScript.Command(address, Patience) : ReachScript.Command(address, port, Patience);
        var result = await from.RunAsync(command, cancellation);
        var lines = result.Output.Split('\n');
        if (lines.FirstOrDefault(line => line.StartsWith("missing ", StringComparison.Ordinal)) is { } missing)
        {
            throw new FaultMatrixException("FT0621", $"pod '{from.Name}' has no {missing[8..]}, by which it could be tried: {this}");
        }

        return lines.Select(Reach.Parse).FirstOrDefault(reach => reach is not null) ?? throw new FaultMatrixException(
            "FT0627",
            $"{this} cannot be tried: {ForeignText.Line($"{result.Output} {result.Errors} {result.Failure}".Trim())}");
    }

    /// <summary>Tries until one is as wanted.</summary>
    /// <exception cref="OperationCanceledException">The limit is over.</exception>
    public async Task<Reach> UntilAsync(Func<Reach, bool> wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        while (true)
        {
            var reach = await TryAsync(cancellation);
            if (wanted(reach))
            {
                return reach;
            }

            await Task.Delay(Pause, session.Time, cancellation);
        }
    }

    /// <summary>Proves that the way is as it was: the same connection is made again, in a time like that before.</summary>
    /// <returns>How it was seen, also where nobody is there to try it.</returns>
    public async Task<string> AgainAsync(double beforeMilliseconds, CancellationToken cancellation)
    {
        if (await from.RunsAsync(cancellation) != true)
        {
            return $"{from.Name}, which would try it, runs no more";
        }

        var reach = await UntilAsync(r => r.IsMade || r.End == ReachEnd.Refused, cancellation);
        return reach.IsMade ? $"{this} is {reach} (before: {beforeMilliseconds:0} ms)"
            : $"{this} is refused by the pod itself, which does not listen just now";
    }
}
