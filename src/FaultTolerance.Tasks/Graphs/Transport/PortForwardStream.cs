using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

/// <summary>
/// A TCP connection to a pod's port inside one port-forward WebSocket (<c>v4.channel.k8s.io</c>): each binary message is a channel
/// byte and data; channel 0 carries the data, channel 1 the kubelet's error text; the first message of either holds the port.
/// The protocol has no half-close: <see cref="Stream.Dispose()"/> ends both directions.
/// </summary>
internal sealed class PortForwardStream : ConnectionStream
{
    private const byte DataChannel = 0;
    private const byte ErrorChannel = 1;
    private const int PortBytes = 2;
    private const int FrameSize = 32 * 1024;
    private const int LongestError = 2 * 1024;

    private readonly WebSocket _socket;
    private readonly string _target;
    private readonly byte[] _out = ArrayPool<byte>.Shared.Rent(FrameSize);
    private readonly byte[] _in = ArrayPool<byte>.Shared.Rent(FrameSize);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StringBuilder _error = new();
    private int _inStart;
    private int _inEnd;
    private bool _inMessage;
    private byte _channel;
    private int _dataPort = PortBytes;
    private int _errorPort = PortBytes;
    private bool _ended;
    private int _disposed;

    /// <summary>Takes over an open socket to <paramref name="target"/> (for messages).</summary>
    public PortForwardStream(WebSocket socket, string target) => (_socket, _target) = (socket, target);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_inStart < _inEnd)
            {
                var count = Math.Min(buffer.Length, _inEnd - _inStart);
                _in.AsMemory(_inStart, count).CopyTo(buffer);
                _inStart += count;
                return count;
            }

            // A read for nothing only asks whether there is something, and there is not yet.
            if (_ended)
            {
                return 0;
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // One message a frame: API servers of old take a continuation frame for a message of its own.
            while (!buffer.IsEmpty)
            {
                var count = Math.Min(buffer.Length, FrameSize - 1);
                _out[0] = DataChannel;
                buffer[..count].CopyTo(_out.AsMemory(1));
                await _socket.SendAsync(_out.AsMemory(0, count + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
                buffer = buffer[count..];
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw _ended
                ? new IOException($"{_target} closed the connection", e)
                : new TransportException(Outcome.Transport, $"the tunnel to {_target} broke: {e.Message}", e);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // Aborting is what ends a read that is under way; the API server ends the kubelet's side when the connection is gone.
            // The buffers are left to the collector: such a read may still hold one of them.
            _socket.Abort();
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        ValueWebSocketReceiveResult received;
        try
        {
            received = await _socket.ReceiveAsync(_in.AsMemory(), cancellation);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new TransportException(Outcome.Transport, $"the tunnel to {_target} broke: {e.Message}", e);
        }

        if (received.MessageType == WebSocketMessageType.Close)
        {
            _ended = true;
            ThrowIfRefused();
            return;
        }

        var (start, end) = (0, received.Count);
        if (!_inMessage && end > 0)
        {
            _channel = _in[0];
            start = 1;
        }

        _inMessage = !received.EndOfMessage;
        ref var port = ref _channel == ErrorChannel ? ref _errorPort : ref _dataPort;
        var skip = Math.Min(port, end - start);
        port -= skip;
        start += skip;
        if (_channel == DataChannel)
        {
            (_inStart, _inEnd) = (start, end);
        }
        else if (end > start)
        {
            _error.Append(Encoding.UTF8.GetString(_in, start, Math.Min(end - start, LongestError - Math.Min(_error.Length, LongestError))));
            if (received.EndOfMessage)
            {
                _ended = true;
                ThrowIfRefused();
            }
        }
    }

    // Whatever the kubelet says about the pod's port is the product's doing: nobody listens, or the pod is gone.
    private void ThrowIfRefused()
    {
        if (_error.Length > 0)
        {
            throw new TransportException(Outcome.Refused, $"{_target}: {ForeignText.Line(_error.ToString())}");
        }
    }
}
