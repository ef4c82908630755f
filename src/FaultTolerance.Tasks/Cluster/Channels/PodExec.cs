using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FaultTolerance.Cluster.Channels;

/// <summary>Runs commands in containers, over a WebSocket.</summary>
/// <param name="session">Where.</param>
internal sealed class PodExec(ClusterSession session)
{
    private const int BufferSize = 16 * 1024;
    private const int MostWord = 60;
    private const int MostBytes = 16 * 1024 * 1024;
    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    /// <summary>
    /// Runs a command to its end. Nothing of it passes a shell but what the command itself names. Input needs the v5 protocol,
    /// the first in which its end can be told.
    /// </summary>
    /// <param name="pod">Pod.</param>
    /// <param name="container">Container.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="timeout">Limit for the whole; FT0314 when it is over.</param>
    /// <param name="cancellation">Stops waiting; the command may go on.</param>
    /// <param name="onLine">Called with each whole line of standard output as it comes.</param>
    /// <param name="input">Standard input, or null for none.</param>
    /// <param name="answer">Called with each line as well; what it returns is sent as standard input, which then stays open. Null for
    /// none.</param>
    public async Task<ExecResult> RunAsync(
        string pod, string container, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellation,
        Action<string>? onLine = null, ReadOnlyMemory<byte>? input = null, Func<string, ReadOnlyMemory<byte>?>? answer = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        var query = new StringBuilder(
            $"container={Uri.EscapeDataString(container)}&stdout=true&stderr=true&stdin={(input is null && answer is null ? "false" : "true")}&tty=false"
        );
        foreach (var word in command)
        {
            query.Append("&command=").Append(Uri.EscapeDataString(word));
        }

        var call = session.Call("create", "pods/exec", pod);
        using var limit = new CancellationTokenSource(timeout, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var socket = await session.Api.ConnectAsync(
                call, $"{ResourceType.Pods.Path(session.Namespace, pod, "exec")}?{query}", Protocols, both.Token);
            if (input is { } bytes)
            {
                await SendAsync(socket, bytes, both.Token);
            }

            var result = await ReadAsync(socket, onLine, answer, both.Token);
            return result with { Failure = WithoutScript(result.Failure, command) };
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ClusterException("FT0314", $"cannot {call}: '{command[0]}' did not end within {timeout.TotalSeconds:0.#} s", e);
        }
    }

    // Some runtimes repeat the whole command where it fails: a script of many lines, before what went wrong.
    private static string? WithoutScript(string? failure, IEnumerable<string> command) =>
        command.Where(word => word.Length > MostWord)
            .SelectMany(word => new[] { word, JsonEncodedText.Encode(word, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value })
            .Aggregate(failure, (said, word) => said?.Replace(word, "…", StringComparison.Ordinal));

    private static async Task SendAsync(WebSocket socket, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        if (socket.SubProtocol != Protocols[0])
        {
            throw new NotSupportedException("standard input needs a server that speaks v5.channel.k8s.io");
        }

        await SendInputAsync(socket, input, cancellation);
        await socket.SendAsync(
            new byte[] { (byte)Channel.Close, (byte)Channel.Input },
            WebSocketMessageType.Binary,
            endOfMessage: true,
            cancellation
        );
    }

    private static async Task SendInputAsync(WebSocket socket, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var frame = new byte[input.Length + 1];
        frame[0] = (byte)Channel.Input;
        input.CopyTo(frame.AsMemory(1));
        await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
    }

    private static async Task<ExecResult> ReadAsync(
        WebSocket socket, Action<string>? onLine, Func<string, ReadOnlyMemory<byte>?>? answer, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        using var status = new MemoryStream();
        var lineStart = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var channel = Channel.Close;
        var inMessage = false;
        string? broken = null;
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var data = buffer.AsMemory(0, received.Count);
                if (!inMessage && received.Count > 0)
                {
                    channel = (Channel)data.Span[0];
                    data = data[1..];
                }

                inMessage = !received.EndOfMessage;
                var sink = channel switch { Channel.Output => output, Channel.Errors => errors, Channel.Status => status, _ => null };
                if (sink?.Length + data.Length > MostBytes)
                {
                    throw new ClusterException("FT0319", $"the command writes more than {MostBytes / (1024 * 1024)} MB: given up")
                    {
                        Status = System.Net.HttpStatusCode.OK,
                    };
                }

                sink?.Write(data.Span);
                if (channel == Channel.Output && (onLine ?? (object?)answer) is not null)
                {
                    var replies = new List<ReadOnlyMemory<byte>>();
                    lineStart = Lines(output, lineStart, line =>
                    {
                        onLine?.Invoke(line);
                        if (answer?.Invoke(line) is { } reply)
                        {
                            replies.Add(reply);
                        }
                    });
                    foreach (var reply in replies)
                    {
                        await SendInputAsync(socket, reply, cancellation);
                    }
                }

                if (channel == Channel.Status && received.EndOfMessage && status.Length > 0)
                {
                    break;
                }
            }
        }
        catch (Exception e)
            when (e is WebSocketException or InvalidOperationException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            // A socket that is given up may say that it was aborted, and not that it was cancelled.
            cancellation.ThrowIfCancellationRequested();
            // A container that dies takes the command with it, and the connection often without a word. What came before counts.
            broken = e.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var (exit, message) = ReadStatus(status.GetBuffer().AsMemory(0, (int)status.Length));
        return new ExecResult(exit, Text(output), Text(errors), message ?? broken);
    }

    private static int Lines(MemoryStream output, int start, Action<string> onLine)
    {
        while (true)
        {
            var rest = output.GetBuffer().AsSpan(start, (int)output.Length - start);
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return start;
            }

            onLine(Encoding.UTF8.GetString(rest[..end]));
            start += end + 1;
        }
    }

    // The status channel's v1.Status: Success, or Failure with the exit code among its causes.
    private static (int? Exit, string? Message) ReadStatus(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return (null, null);
        }

        try
        {
            using var status = JsonDocument.Parse(json);
            var root = status.RootElement;
            if (root.TryGetProperty("status", out var s) && s.GetString() == "Success")
            {
                return (0, null);
            }

            var message = root.TryGetProperty("message", out var m) ? m.GetString() : "failed";
            if (root.TryGetProperty("details", out var details) && details.TryGetProperty("causes", out var causes))
            {
                foreach (var cause in causes.EnumerateArray())
                {
                    if (cause.TryGetProperty("reason", out var reason) && reason.GetString() == "ExitCode"
                        && int.TryParse(cause.GetProperty("message").GetString(), out var code))
                    {
                        return (code, message);
                    }
                }
            }

            return (null, message);
        }
        catch (JsonException)
        {
            return (null, Encoding.UTF8.GetString(json.Span));
        }
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);

    private enum Channel : byte
    {
        Input = 0,
        Output = 1,
        Errors = 2,
        Status = 3,
        Close = 255,
    }
}

/// <summary>What became of a command.</summary>
/// <param name="ExitCode">Exit code; null when the command did not start, or its connection broke before its end.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Failure">What the server, or the connection, said when it was no success; else null.</param>
internal sealed record ExecResult(int? ExitCode, string Output, string Errors, string? Failure);
