using System.Text.Json;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster.Observation;

/// <summary>One watch: JSON objects, one a line, until the server ends it.</summary>
internal sealed class WatchStream : IAsyncDisposable
{
    private readonly ApiCall _call;
    private readonly Uri _server;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private readonly CancellationTokenSource _silence;

    private WatchStream(ApiCall call, Uri server, HttpResponseMessage response, Stream stream, CancellationTokenSource silence)
    {
        (_call, _server, _response, _silence) = (call, server, response, silence);
        _lines = new StreamReader(stream);
    }

    /// <summary>Opens the watch. The server ends it after <paramref name="length"/>; where it does not, the connection is dead and is given up shortly after.</summary>
    public static async Task<WatchStream> OpenAsync(KubeApi api, ApiCall call, string path, TimeSpan length, TimeProvider time, CancellationToken cancellation)
    {
        var response = await api.OpenAsync(call, path, cancellation);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellation);
            return new WatchStream(call, api.Server, response, stream, new CancellationTokenSource(length + TimeSpan.FromSeconds(30), time));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The next object; null at the stream's end.</summary>
    public async Task<JsonDocument?> NextAsync(CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _silence.Token);
        try
        {
            var line = await _lines.ReadLineAsync(both.Token);
            return line is null ? null : JsonDocument.Parse(line);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (ApiErrors.IsBroken(e) || e is JsonException)
        {
            // Half a line is what a connection leaves that broke.
            throw ApiErrors.From(_call, _server, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _silence.Dispose();
        _response.Dispose();
        _lines.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One object of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="ObjectKey">The object's uid.</param>
/// <param name="Version">Its resource version, from which the next watch goes on.</param>
/// <param name="Object">The object.</param>
/// <param name="ErrorCode">Status code of an ERROR; else 0.</param>
internal readonly record struct WatchItem(string Type, string ObjectKey, string? Version, JsonElement Object, int ErrorCode)
{
    /// <summary>Reads one.</summary>
    public static WatchItem Read(JsonElement line)
    {
        var type = Text(line, "type") ?? "";
        var item = line.GetProperty("object");
        if (type == "ERROR")
        {
            return new WatchItem(type, "", null, item, item.TryGetProperty("code", out var code) ? code.GetInt32() : 0);
        }

        var meta = item.GetProperty("metadata");
        return new WatchItem(type, Key(meta), Text(meta, "resourceVersion"), item, 0);
    }

    /// <summary>An object's uid; its name where a server gives no uid.</summary>
    public static string Key(JsonElement metadata) => Text(metadata, "uid") ?? Text(metadata, "name") ?? "";

    /// <summary>A text property, or null.</summary>
    public static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
