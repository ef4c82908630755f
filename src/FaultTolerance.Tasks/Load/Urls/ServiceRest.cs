using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

/// <summary>
/// Tells whether a service is at rest: it then answers a single request of one token about as fast as before any load. What a client
/// broke off may still be under way in the service, which nothing else shows from outside.
/// </summary>
internal sealed class ServiceRest
{
    private const int Before = 3;
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(100);
    private readonly Func<CancellationToken, Task> _ask;
    private readonly TimeProvider _time;

    private ServiceRest(Func<CancellationToken, Task> ask, TimeProvider time) => (_ask, _time) = (ask, time);

    /// <summary>How long the service takes for a token when it does nothing else.</summary>
    public TimeSpan Usual { get; private set; }

    /// <summary>Learns how fast a service at rest answers: the median of three requests.</summary>
    /// <param name="transport">The way to it.</param>
    /// <param name="api">What it is asked for.</param>
    /// <param name="model">The model.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public static Task<ServiceRest> LearnAsync(
        IFrontendTransport transport, Api api, string model, TimeProvider time, CancellationToken cancellation) =>
        LearnAsync(token => UrlCheck.AnsweringModelAsync(transport, api, model, time, token), time, cancellation);

    /// <summary>The same, by whatever asks.</summary>
    public static async Task<ServiceRest> LearnAsync(Func<CancellationToken, Task> ask, TimeProvider time, CancellationToken cancellation)
    {
        var rest = new ServiceRest(ask, time);
        var took = new List<TimeSpan>();
        for (var i = 0; i < Before; i++)
        {
            took.Add(await rest.AskAsync(cancellation).ConfigureAwait(false));
        }

        rest.Usual = took.Order().ElementAt(Before / 2);
        return rest;
    }

    /// <summary>Waits until the service is at rest: asks again and again, one request at a time.</summary>
    /// <param name="most">How long at most.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null, or why the service is not at rest.</returns>
    public async Task<string?> WaitAsync(TimeSpan most, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        var enough = Usual + (Usual > Noise ? Usual : Noise);
        while (true)
        {
            string why;
            try
            {
                var took = await AskAsync(cancellation).ConfigureAwait(false);
                if (took <= enough)
                {
                    return null;
                }

                why = $"an answer of one token still takes {took.TotalSeconds:0.###} s, and took {Usual.TotalSeconds:0.###} s before any load";
            }
            catch (FaultMatrixException e) when (!cancellation.IsCancellationRequested)
            {
                why = $"{e.Code}: {e.Message}";
            }

            if (_time.GetElapsedTime(begun) >= most)
            {
                return why;
            }

            // A service that refuses at once is not asked thousands of times.
            await Task.Delay(Noise, _time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan> AskAsync(CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        await _ask(cancellation).ConfigureAwait(false);
        return _time.GetElapsedTime(begun);
    }
}
