using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaultTolerance.Benchmarks;

/// <summary>
/// Answers each request with a stream of 100 tokens, one every <c>--gap</c> milliseconds, each in a packet of its own. One thread paces all
/// connections, each from the instant of its own request, so that tokens of different streams do not come together.
/// </summary>
internal static class TokenServer
{
    private const int Tokens = 100;
    private static readonly byte[] Head = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    private static readonly byte[] Token = Chunk(
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"token \"},\"finish_reason\":null}]}\n\n"
    );
    private static readonly byte[] End =
    [
        .. Chunk(
            $"data: {{\"id\":\"c\",\"choices\":[],\"usage\":{{\"prompt_tokens\":100,\"completion_tokens\":{Tokens},\"total_tokens\":200}}}}\n\n"
        ),
        .. Chunk("data: [DONE]\n\n"),
        .. "0\r\n\r\n"u8,
    ];

    public static void Run(int port, double gap)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        Console.WriteLine($"{{\"ready\":true,\"port\":{((IPEndPoint)listener.LocalEndPoint!).Port}}}");
        var streams = new List<Stream>();
        var time = TimeProvider.System;
        while (true)
        {
            while (listener.Poll(0, SelectMode.SelectRead))
            {
                streams.Add(new Stream(listener.Accept()));
            }

            var now = time.GetTimestamp();
            streams.RemoveAll(stream => !stream.Turn(now, (long)(gap / 1000 * time.TimestampFrequency)));
            // Spins while it serves: a wait would gather the tokens of many streams into one burst.
            if (streams.Count > 0 || !listener.Poll(5_000, SelectMode.SelectRead))
            {
                Thread.Yield();
            }
        }
    }

    private static byte[] Chunk(string text) => Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");

    private sealed class Stream(Socket socket)
    {
        private readonly byte[] _request = new byte[16 * 1024];
        private int _left;
        private long _due;

        // False: the client is gone.
        public bool Turn(long now, long gap)
        {
            try
            {
                if (_left > 0 && now >= _due)
                {
                    _due += gap;
                    socket.Send(Token);
                    if (--_left == 0)
                    {
                        socket.Send(End);
                    }
                }
                else if (_left == 0 && socket.Poll(0, SelectMode.SelectRead))
                {
                    // A request of the load comes in one piece on loopback.
                    if (socket.Receive(_request) == 0)
                    {
                        socket.Dispose();
                        return false;
                    }

                    socket.NoDelay = true;
                    socket.Send(Head);
                    (_left, _due) = (Tokens, now + gap);
                }

                return true;
            }
            catch (SocketException)
            {
                socket.Dispose();
                return false;
            }
        }
    }
}
