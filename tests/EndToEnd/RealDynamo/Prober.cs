using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace EndToEnd.RealDynamo;

/// <summary>
/// Asks a frontend for one token every 25 ms, a connection each, whatever becomes of those before: what a client gets, without this
/// project's own load. It asks for completions where the rows' clients ask for chats, so that the server's counters tell the two apart.
/// It has a thread of its own and stamps of its own.
/// </summary>
internal sealed class Prober : IAsyncDisposable
{
    /// <summary>What became of a probe that got no connection.</summary>
    public const string NoConnection = "no connection";

    /// <summary>From one probe to the next; no instant is known more finely.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Limit };
    private readonly ConcurrentQueue<Task<Probe>> _running = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly (DateTimeOffset Begin, long Stamp) _clock = (TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
    private readonly Uri _address;
    private readonly string _body;
    private readonly Thread _thread;

    /// <summary>Begins at once.</summary>
    public Prober(Uri frontend, string model)
    {
        _address = new Uri(frontend, "/v1/completions");
        _body = $$"""{"model":"{{model}}","prompt":"a b c d","max_tokens":1,"min_tokens":1,"ignore_eos":true}""";
        _thread = new Thread(Send) { IsBackground = true, Name = $"prober of {frontend}" };
        _thread.Start();
    }

    /// <summary>Ends, and returns all probes by their sends.</summary>
    public async Task<IReadOnlyList<Probe>> StopAsync()
    {
        await _stop.CancelAsync();
        _thread.Join();
        return [.. (await Task.WhenAll(_running)).OrderBy(probe => probe.Sent)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private DateTimeOffset Now => _clock.Begin + Stopwatch.GetElapsedTime(_clock.Stamp);

    private void Send()
    {
        for (var i = 1; ; i++)
        {
            _running.Enqueue(ProbeAsync());
            var wait = (i * Every) - Stopwatch.GetElapsedTime(_clock.Stamp);
            if (_stop.Token.WaitHandle.WaitOne(wait > TimeSpan.Zero ? wait : TimeSpan.Zero))
            {
                return;
            }
        }
    }

    private async Task<Probe> ProbeAsync()
    {
        var sent = Now;
        var answer = await AskAsync();
        return new Probe(sent, Now, answer);
    }

    private async Task<string> AskAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new StringContent(_body, Encoding.UTF8, "application/json"),
        };
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await _client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.StatusCode == HttpStatusCode.OK ? "" : $"{(int)response.StatusCode} {text}";
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError == HttpRequestError.ConnectionError ? NoConnection : $"broken: {e.HttpRequestError}";
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Reset between its connecting and its first byte: the client names that so.
            return NoConnection;
        }
        catch (OperationCanceledException)
        {
            return $"no answer in {Limit.TotalSeconds:0} s";
        }
    }
}
