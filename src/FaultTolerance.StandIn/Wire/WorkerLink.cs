using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaultTolerance.StandIn.Wire;

/// <summary>Why a worker that was ready is no longer.</summary>
internal enum LinkLoss
{
    /// <summary>The connection broke without a word: the worker or its pod is gone.</summary>
    Broken,

    /// <summary>The worker said that it leaves.</summary>
    Bye,

    /// <summary>The worker said that its engine core died.</summary>
    EngineDead,
}

/// <summary>
/// A standing connection to one worker, made again whenever it breaks. It is at once the request path, the health check and the news of
/// recovery: a worker listens from its first moment on, and says when it is ready.
/// </summary>
internal sealed class WorkerLink(
    IPEndPoint worker,
    TimeProvider time,
    Action<WorkerLink> onReady,
    Action<WorkerLink, ReadyNotice, LinkLoss> onLost,
    Action<WorkerLink>? onAlive = null
)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(2);
    private volatile GenerationClient? _client;
    private volatile ReadyNotice? _ready;
    private volatile string? _greeting;

    public IPEndPoint Worker => worker;

    /// <summary>Uid of the worker's pod, where it is known.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What the worker said when it became ready; null while it is not.</summary>
    public ReadyNotice? Ready => _ready;

    /// <summary>The connection's requests; null while there is no connection.</summary>
    public GenerationClient? Client => _client;

    /// <summary>Sets a line that is sent now and at the beginning of every later connection.</summary>
    public async ValueTask GreetAsync(string line, CancellationToken cancellation)
    {
        if (_greeting == line)
        {
            return;
        }

        _greeting = line;
        if (_client is { } client)
        {
            try
            {
                await client.SendAsync(line, cancellation);
            }
            catch (IOException)
            {
                // The next connection begins with it.
            }
        }
    }

    /// <summary>Keeps the connection until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(worker.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await ConnectAsync(socket, cancellation);
                await using var stream = new NetworkStream(socket);
                await ConverseAsync(stream, cancellation);
            }
            catch (Exception broken) when (broken is SocketException or IOException or TimeoutException)
            {
                // Down or not there yet: try again.
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(RetryEvery, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken cancellation)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        within.CancelAfter(ConnectWithin);
        try
        {
            await socket.ConnectAsync(worker, within.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task ConverseAsync(NetworkStream stream, CancellationToken cancellation)
    {
        using var client = new GenerationClient(stream);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var loss = LinkLoss.Broken;
        _client = client;
        try
        {
            if (_greeting is { } greeting)
            {
                await client.SendAsync(greeting, cancellation);
            }

            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                if (client.OnLine(line))
                {
                    continue;
                }

                if (ReadyNotice.TryParse(line) is { } notice)
                {
                    _ready = notice;
                    onReady(this);
                    continue;
                }

                if (line == WorkerNotice.Alive)
                {
                    onAlive?.Invoke(this);
                    continue;
                }

                loss = line switch
                {
                    WorkerNotice.Bye => LinkLoss.Bye,
                    WorkerNotice.EngineDead => LinkLoss.EngineDead,
                    _ => loss,
                };
                if (loss != LinkLoss.Broken)
                {
                    Lose(loss);
                }
            }
        }
        finally
        {
            _client = null;
            Lose(loss);
            client.OnClosed();
        }
    }

    private void Lose(LinkLoss loss)
    {
        if (_ready is { } was)
        {
            _ready = null;
            onLost(this, was, loss);
        }
    }
}
