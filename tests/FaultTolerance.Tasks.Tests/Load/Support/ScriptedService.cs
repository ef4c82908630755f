using System.Text;

namespace FaultTolerance.Load.Support;

/// <summary>A frontend in memory: each connection is handed to a script that reads requests and answers as it likes.</summary>
internal sealed class ScriptedService(Func<ServerSide, Task> script) : IFrontendTransport
{
    private int _connections;

    public IReadOnlyList<FrontendEndpoint> Ready { get; set; } = [Endpoint("frontend-0")];

    /// <summary>Called before each connection is made; may throw, or wait.</summary>
    public Func<FrontendEndpoint, CancellationToken, Task>? Connecting { get; init; }

    public int Connections => _connections;

    public static FrontendEndpoint Endpoint(string pod, string uid = "1") => new(pod, uid, new Uri("http://localhost:8000"));

    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        if (Connecting is { } connecting)
        {
            await connecting(endpoint, cancellation);
        }

        Interlocked.Increment(ref _connections);
        var (client, server) = DuplexStream.Pair();
        _ = Task.Run(() => RunAsync(new ServerSide(server, endpoint)), CancellationToken.None);
        return client;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task RunAsync(ServerSide side)
    {
        await using (side.Stream)
        {
            await script(side);
        }
    }
}

/// <summary>The server's end of one connection.</summary>
internal sealed class ServerSide(DuplexStream stream, FrontendEndpoint endpoint)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _held;

    public DuplexStream Stream { get; } = stream;

    public FrontendEndpoint Endpoint { get; } = endpoint;

    public string Head { get; private set; } = "";

    /// <summary>Reads the next request's body; null when the client has closed.</summary>
    public async Task<string?> RequestAsync()
    {
        while (true)
        {
            var text = Encoding.ASCII.GetString(_buffer, 0, _held);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                const string Key = "Content-Length: ";
                var at = text.IndexOf(Key, StringComparison.Ordinal) + Key.Length;
                var length = int.Parse(text[at..text.IndexOf('\r', at)]);
                if (_held >= end + 4 + length)
                {
                    Head = text[..end];
                    var body = text.Substring(end + 4, length);
                    _held -= end + 4 + length;
                    _buffer.AsSpan(end + 4 + length, _held).CopyTo(_buffer);
                    return body;
                }
            }

            var read = await Stream.ReadAsync(_buffer.AsMemory(_held));
            if (read == 0)
            {
                return null;
            }

            _held += read;
        }
    }

    public ValueTask SendAsync(string text) => Stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public ValueTask AnswerAsync(string body, int status = 200, string headers = "") =>
        SendAsync(
            $"HTTP/1.1 {status} Text\r\ncontent-type: application/json\r\n{headers}content-length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
        );

    /// <summary>Answers every request of the connection well.</summary>
    public async Task ServeAsync()
    {
        while (await RequestAsync() is not null)
        {
            await AnswerAsync(Bodies.Chat());
        }
    }
}

internal static class Bodies
{
    public static string Chat(int tokens = 100, string? content = null) =>
        $$$$"""{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"{{{{content ?? new string('a', tokens)}}}}"},"finish_reason":"length"}],"usage":{"prompt_tokens":100,"completion_tokens":{{{{tokens}}}},"total_tokens":{{{{tokens + 100}}}}}}""";

    public static string Chunk(string content) =>
        $$$"""data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"{{{content}}}"},"finish_reason":null}]}"""
        + "\n\n";

    public const string StreamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

    public static string InChunk(string text) => $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n";

    public static string Stream(int tokens) =>
        StreamHead
        + string.Concat(Enumerable.Range(0, tokens).Select(i => InChunk(Chunk("w" + i + " "))))
        + InChunk(Usage(tokens))
        + InChunk("data: [DONE]\n\n")
        + "0\r\n\r\n";

    public static string Usage(int tokens) =>
        $$$"""data: {"id":"c1","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":{{{tokens}}}}}""" + "\n\n";
}
