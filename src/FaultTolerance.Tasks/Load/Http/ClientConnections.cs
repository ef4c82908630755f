using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

/// <summary>
/// The kept connections of one client, or of all where they share them. In the closed loop there is one per frontend pod; the open loop
/// may hold more at once.
/// </summary>
/// <param name="transport">Makes the connections, and knows the frontends that are ready.</param>
/// <param name="first">
/// Where this client begins its turn: clients start together and take the same time, so without it all would be at the same frontend at
/// once, and that one's end would catch all of their requests or none.
/// </param>
/// <param name="api">What the frontends are asked for.</param>
/// <param name="reuse">Which kept connection is taken where there are several.</param>
internal sealed class ClientConnections(IFrontendTransport transport, int first, Api api = Api.Chat, Reuse reuse = Reuse.Own) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<FrontendTarget> _targets = [];
    private readonly List<HttpConnection> _idle = [];
    private IReadOnlyList<FrontendEndpoint>? _ready;

    /// <summary>
    /// The frontend for request number <paramref name="number"/>, in turn over those that are ready; connections to others are dropped.
    /// </summary>
    public FrontendTarget Choose(long number)
    {
        var ready = transport.Ready;
        lock (_gate)
        {
            if (!ReferenceEquals(ready, _ready))
            {
                Follow(ready);
            }

            return _targets.Count == 0 ? FrontendTarget.None : _targets[(int)((number + first) % _targets.Count)];
        }
    }

    /// <summary>A kept connection that is fit for use at <paramref name="now"/>, or null.</summary>
    public HttpConnection? Take(FrontendTarget target, long now)
    {
        lock (_gate)
        {
            // The last one was used last: each is added as its answer ends.
            for (var left = _idle.Count; left > 0; left--)
            {
                var i = reuse == Reuse.InTurn ? _idle.Count - left : left - 1;
                var connection = _idle[i];
                if (!ReferenceEquals(connection.Target, target))
                {
                    continue;
                }

                _idle.RemoveAt(i);
                if (!connection.IsStale && now < connection.FitUntil)
                {
                    return connection;
                }

                connection.Dispose();
            }
        }

        return null;
    }

    /// <summary>Keeps a connection for the next request.</summary>
    public void Keep(HttpConnection connection)
    {
        connection.Watch();
        lock (_gate)
        {
            if (!connection.Target.Dropped)
            {
                _idle.Add(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Follow([]);
        }
    }

    private void Follow(IReadOnlyList<FrontendEndpoint> ready)
    {
        _ready = ready;
        var before = _targets.ToArray();
        _targets.Clear();
        foreach (var endpoint in ready)
        {
            _targets.Add(Array.Find(before, t => t.Endpoint == endpoint) ?? FrontendTarget.For(endpoint, api));
        }

        foreach (var gone in before.Except(_targets))
        {
            gone.Dropped = true;
        }

        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            if (_idle[i].Target.Dropped)
            {
                _idle[i].Dispose();
                _idle.RemoveAt(i);
            }
        }
    }
}
