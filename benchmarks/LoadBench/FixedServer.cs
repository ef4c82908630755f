using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaultTolerance.Benchmarks;

/// <summary>
/// Answers each request with the same chat completion of 100 tokens. A thread a connection and blocking calls: the least a server can cost.
/// </summary>
internal static class FixedServer
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        Http(
            """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"""
                + "\""
                + string.Concat(Enumerable.Repeat("token ", 100))
                + "\""
                + """},"finish_reason":"length"}],"usage":{"prompt_tokens":100,"completion_tokens":100,"total_tokens":200}}"""
        )
    );

    public static void Run(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(512);
        Console.WriteLine($"{{\"ready\":true,\"port\":{((IPEndPoint)listener.LocalEndPoint!).Port}}}");
        while (true)
        {
            var connection = listener.Accept();
            connection.NoDelay = true;
            new Thread(() => Serve(connection), 128 * 1024) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket connection)
    {
        var buffer = new byte[16 * 1024];
        var held = 0;
        using (connection)
        {
            try
            {
                while (connection.Receive(buffer.AsSpan(held)) is > 0 and var read)
                {
                    held += read;
                    while (RequestLength(buffer.AsSpan(0, held)) is > 0 and var length && length <= held)
                    {
                        connection.Send(Answer);
                        held -= length;
                        buffer.AsSpan(length, held).CopyTo(buffer);
                    }
                }
            }
            catch (SocketException)
            {
                // The client is gone.
            }
        }
    }

    private static int RequestLength(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        var key = "Content-Length: "u8;
        var at = bytes[..end].IndexOf(key);
        return end + 4 + (at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(bytes[(at + key.Length)..], out int body, out _) ? body : 0);
    }

    private static string Http(string body) =>
        $"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n\r\n{body}";
}
