using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

/// <summary>Which of several kept connections a request takes.</summary>
public sealed class ReuseTests
{
    [Theory]
    [InlineData(Reuse.InTurn, "abc")]
    [InlineData(Reuse.LastUsed, "cba")]
    [InlineData(Reuse.Own, "cba")]
    internal void Take_gives_the_kept_connections_in_the_order_of_the_choice(Reuse reuse, string order)
    {
        using var connections = new ClientConnections(new ScriptedService(_ => Task.CompletedTask), 0, Api.Chat, reuse);
        var target = connections.Choose(0);
        var kept = "abc".ToDictionary(name => new HttpConnection(DuplexStream.Pair().Client, target), name => name);
        foreach (var connection in kept.Keys)
        {
            connections.Keep(connection);
        }

        Assert.Equal(order, string.Concat(order.Select(_ => kept[connections.Take(target, 0)!])));
        Assert.Null(connections.Take(target, 0));
        foreach (var connection in kept.Keys)
        {
            connection.Dispose();
        }
    }
}
