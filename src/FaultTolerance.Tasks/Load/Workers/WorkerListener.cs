using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FaultTolerance.Load.Workers;

/// <summary>Answers the runner for a worker, at a loopback address: a line of JSON for each line of JSON.</summary>
/// <param name="worker">The worker; the caller's.</param>
/// <param name="token">What a runner has to know.</param>
internal sealed class WorkerListener(LoadWorker worker, string token)
{
    private const int LongestLine = 4 << 20;

    /// <summary>Listens until cancelled.</summary>
    public async Task RunAsync(IPEndPoint at, CancellationToken cancellation)
    {
        using var listener = new TcpListener(at);
        listener.Start();
        try
        {
            while (true)
            {
                // A connection that broke is left behind; the runner makes another.
                _ = ServeAsync(await listener.AcceptTcpClientAsync(cancellation).ConfigureAwait(false), cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The worker ends.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellation)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                var stream = client.GetStream();
                var lines = new WorkerLines(stream, LongestLine);
                while (await lines.ReadAsync(cancellation).ConfigureAwait(false) is { } line
                    && JsonSerializer.Deserialize<WorkerAsk>(line.Span, WorkerForm.Json) is { } ask && IsKnown(ask.Token))
                {
                    var (answer, pieces) = worker.Ask(ask);
                    await WorkerLines.WriteAsync(stream, answer, cancellation).ConfigureAwait(false);
                    foreach (var piece in pieces)
                    {
                        await stream.WriteAsync(piece, cancellation).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or JsonException or OperationCanceledException)
            {
                // Whoever asked is gone, or never spoke as a runner does.
            }
        }
    }

    private bool IsKnown(string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token));
}
