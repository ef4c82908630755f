using System.Text.Json;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster.Observation;

/// <summary>One watch: JSON objects, one a line, until the server ends it.</summary>
internal sealed class WatchStream : IAsyncDisposable
{
    private const int LargestLine = 16 * 1024 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private readonly ApiCall _call;
    private readonly Uri _server;
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly CancellationTokenSource _end;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _length;
    private Task<JsonDocument?>? _pending;

    private WatchStream(ApiCall call, Uri server, HttpResponseMessage response, Stream body, CancellationTokenSource end) =>
        (_call, _server, _response, _body, _end) = (call, server, response, body, end);

    /// <summary>
    /// Opens the watch. The server ends it after <paramref name="length"/>; where it does not, the connection is dead and is given up
    /// shortly after.
    /// </summary>
    public static async Task<WatchStream> OpenAsync(
        KubeApi api,
        ApiCall call,
        string path,
        TimeSpan length,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var response = await api.OpenAsync(call, path, cancellation);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellation);
            return new WatchStream(call, api.Server, response, body, new CancellationTokenSource(length + Grace, time));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The next object, null at the stream's end: the same task until <see cref="Take"/> has taken what it gave.</summary>
    public Task<JsonDocument?> Next => _pending ??= ReadAsync();

    /// <summary>Goes on to the object after the one that <see cref="Next"/> gave.</summary>
    public void Take() => _pending = null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_pending is { } pending)
        {
            await Task.WhenAny(pending);
            _ = pending.Exception;
        }

        await _body.DisposeAsync();
        _response.Dispose();
        _end.Dispose();
    }

    private async Task<JsonDocument?> ReadAsync()
    {
        try
        {
            while (true)
            {
                var end = _buffer.AsSpan(_start, _length).IndexOf((byte)'\n');
                if (end >= 0)
                {
                    var line = _buffer.AsMemory(_start, end);
                    (_start, _length) = (_start + end + 1, _length - end - 1);
                    if (!line.Span.Trim(" \r\t"u8).IsEmpty)
                    {
                        return JsonDocument.Parse(line.ToArray());
                    }

                    continue;
                }

                Grow();
                var count = await _body.ReadAsync(_buffer.AsMemory(_start + _length), _end.Token);
                if (count == 0)
                {
                    // Half a line is what a connection leaves that broke.
                    return _length == 0 ? null : throw new IOException("the watch ended in the middle of an object");
                }

                _length += count;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (ApiErrors.IsBroken(e) || e is JsonException)
        {
            throw ApiErrors.From(_call, _server, e);
        }
    }

    private void Grow()
    {
        if (_length >= LargestLine)
        {
            throw new IOException($"the watch sends an object of more than {LargestLine / (1024 * 1024)} MB");
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _length).CopyTo(_buffer);
            _start = 0;
        }

        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
