using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>One request of the prober. Times are seconds on the prober's clock.</summary>
/// <param name="Sent">When it was sent.</param>
/// <param name="Ended">When its answer was whole, or was given up.</param>
/// <param name="Answer">Empty for a whole answer with status 200; otherwise status and body, with the model's name as M.</param>
internal sealed record Probe(double Sent, double Ended, string Answer)
{
    public bool Succeeded => Answer.Length == 0;
}

/// <summary>
/// An open loop of one request every 50 ms, a connection each, by turns streamed and not: what clients get, without this project's own
/// load.
/// </summary>
internal sealed class Prober(Uri frontend, string model, int tokens) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
    private readonly ConcurrentQueue<Probe> _probes = new();
    private readonly long _start = Stopwatch.GetTimestamp();

    public double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Sends until the time, and waits for the answers.</summary>
    public async Task<IReadOnlyList<Probe>> RunAsync(double until, CancellationToken cancellation)
    {
        var running = new List<Task>();
        using var timer = new PeriodicTimer(Every);
        for (var i = 0; Now < until && await timer.WaitForNextTickAsync(cancellation); i++)
        {
            running.Add(ProbeAsync(stream: i % 2 == 0, cancellation));
        }

        await Task.WhenAll(running);
        return [.. _probes.OrderBy(probe => probe.Sent)];
    }

    /// <summary>One request; what it came to.</summary>
    public async Task<Probe> ProbeAsync(bool stream, CancellationToken cancellation)
    {
        var sent = Now;
        var answer = await AskAsync(stream, cancellation);
        var probe = new Probe(sent, Now, answer);
        _probes.Enqueue(probe);
        return probe;
    }

    public void Dispose() => _client.Dispose();

    private async Task<string> AskAsync(bool stream, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "a b c d" }),
            ["max_tokens"] = tokens,
            ["min_tokens"] = tokens,
            ["ignore_eos"] = true,
            ["stream"] = stream,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(frontend, "/v1/chat/completions"))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await _client.SendAsync(request, cancellation);
            var text = (await response.Content.ReadAsStringAsync(cancellation)).Replace(model, "M", StringComparison.Ordinal);
            var error = text.IndexOf("data: {\"error\"", StringComparison.Ordinal);
            return ((int)response.StatusCode, error) switch
            {
                (200, < 0) => "",
                (200, _) => $"200, then {text[error..].Trim().Replace("\n\n", " ", StringComparison.Ordinal)}",
                var (status, _) => $"{status} {(text.Length == 0 ? "(empty)" : text)}",
            };
        }
        catch (HttpRequestException)
        {
            return "no connection";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer in 20 s";
        }
    }
}
