using System.Net;
using System.Net.Sockets;

namespace EndToEnd;

/// <summary>Something on loopback that leads each connection on to another address.</summary>
internal abstract class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private Task _accepting = Task.CompletedTask;
    private int _passed;

    /// <summary>Connections that were led on.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <summary>Its address.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _ended.Dispose();
    }

    /// <summary>Begins to accept.</summary>
    protected void Listen()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Serves a connection until either end is gone.</summary>
    protected abstract Task ServeAsync(NetworkStream near, CancellationToken cancellation);

    /// <summary>Carries both ways until one of them ends; then the other does, too.</summary>
    protected async Task CarryAsync(NetworkStream near, NetworkStream far, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _passed);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] copies = [near.CopyToAsync(far, both.Token), far.CopyToAsync(near, both.Token)];
        await Task.WhenAny(copies);
        await both.CancelAsync();
        await Task.WhenAll(copies);
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(GuardAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
                open.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task GuardAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client.GetStream(), _ended.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side ended, or this did.
            }
        }
    }
}
