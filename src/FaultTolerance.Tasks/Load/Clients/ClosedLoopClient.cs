using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Clients;

/// <summary>
/// One client of the reference suite: one request in flight; after each it sleeps <c>max(0, 1/rate - total_time)</c>. It records
/// every request of its plan, also those that it could not send.
/// </summary>
internal sealed class ClosedLoopClient(LoadContext load, int client) : IDisposable
{
    private readonly ClientConnections _connections = load.ConnectionsOf(client);
    private RequestRunner? _runner;

    private RequestRunner Runner => _runner ??= new(load, _connections, client);

    /// <summary>Opens the connection for the first request.</summary>
    public Task PreconnectAsync(CancellationToken cancellation) => Runner.PreconnectAsync(0, cancellation);

    /// <summary>Works through the plan.</summary>
    /// <param name="start">When the load starts, in ticks of its clock; the client sends its first request at its own point after
    /// that.</param>
    /// <param name="goOn">Asked after the plan before each further request: whether the load is to last longer
    /// (<c>UntilRecovered</c>).</param>
    public async Task RunAsync(long start, Func<bool> goOn)
    {
        var period = load.Spec.RatePerClient > 0 ? load.Time.TimestampFrequency / load.Spec.RatePerClient : 0;
        var intended = start + (long)(load.Starts[client] * load.Time.TimestampFrequency);
        var request = Runner.Record;
        for (long number = 0; ; number++)
        {
            if (number >= load.Spec.RequestsPerClient)
            {
                if (load.Stop.IsCancellationRequested || !goOn())
                {
                    return;
                }

                load.Books.PlanMore();
            }

            request.Reset(number, intended);
            if (!await WaitAsync(intended).ConfigureAwait(false))
            {
                load.RecordUnsent(client, request, Outcome.NotSent, load.Reason);
                continue;
            }

            await Runner.RunAsync(delayAfterLast: true).ConfigureAwait(false);
            intended = Math.Max(request.Ended, request[0].Started + (long)period);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner?.Dispose();
        if (!ReferenceEquals(_connections, load.Shared))
        {
            _connections.Dispose();
        }
    }

    // False: the load was stopped before the time came.
    private async ValueTask<bool> WaitAsync(long until)
    {
        while (!load.Stop.IsCancellationRequested)
        {
            var wait = load.Time.GetElapsedTime(load.Time.GetTimestamp(), until);
            if (wait <= TimeSpan.Zero)
            {
                return true;
            }

            try
            {
                // Timers count whole milliseconds; rounded up, a request is never early.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), load.Time, load.Stop)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return false;
    }
}
