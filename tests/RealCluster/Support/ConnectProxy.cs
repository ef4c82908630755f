using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RealCluster.Support;

/// <summary>An HTTP proxy on loopback that knows CONNECT alone, as companies have one before their clusters.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;
    private int _tunnels;

    private ConnectProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How many tunnels were opened.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public static ConnectProxy Start() => new();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        try
        {
            var stream = near.GetStream();
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(one, _ended.Token);
                head.Append((char)one[0]);
            }

            var target = head.ToString().Split(' ')[1].Split(':');
            using var far = new TcpClient();
            await far.ConnectAsync(target[0], int.Parse(target[1], System.Globalization.CultureInfo.InvariantCulture), _ended.Token);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _ended.Token);
            Interlocked.Increment(ref _tunnels);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            Task[] copies = [stream.CopyToAsync(far.GetStream(), both.Token), far.GetStream().CopyToAsync(stream, both.Token)];
            await Task.WhenAny(copies);
            await both.CancelAsync();
            await Task.WhenAll(copies);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side ended, or the proxy did.
        }
    }
}
