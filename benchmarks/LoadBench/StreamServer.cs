using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaultTolerance.Benchmarks;

/// <summary>Begins a stream on each connection, sends a token every two seconds, and ends it only when the client does.</summary>
internal static class StreamServer
{
    private static readonly byte[] Head = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    private static readonly byte[] Token = Encoding.ASCII.GetBytes(
        Chunk(
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"token \"},\"finish_reason\":null}]}\n\n"
        )
    );

    public static async Task RunAsync(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        Console.WriteLine($"{{\"ready\":true,\"port\":{((IPEndPoint)listener.LocalEndPoint!).Port}}}");
        while (true)
        {
            _ = ServeAsync(await listener.AcceptAsync());
        }
    }

    private static async Task ServeAsync(Socket connection)
    {
        using (connection)
        {
            try
            {
                await connection.ReceiveAsync(new byte[4096]);
                await connection.SendAsync(Head);
                while (true)
                {
                    await connection.SendAsync(Token);
                    await Task.Delay(2000);
                }
            }
            catch (SocketException)
            {
                // The client is gone.
            }
        }
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";
}
