using System.Diagnostics;
using System.Text;

namespace FaultTolerance.Benchmarks;

/// <summary>
/// The same requests through <see cref="HttpClient"/>, with nothing recorded: what the own HTTP code is measured against.
/// </summary>
internal static class HttpClientPeer
{
    public static async Task RunAsync(Options options)
    {
        var clients = (int)options.Number("clients", 10);
        var each = (int)options.Number("requests", 200_000) / clients;
        var body = Encoding.ASCII.GetBytes("{\"content\": \"" + new string('1', 199) + "\"}");
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients });
        var uri = new Uri($"http://127.0.0.1:{options.Port}/v1/chat/completions");
        await SendAsync(http, uri, body, clients, 500);
        var cpu = Environment.CpuUsage;
        var from = Stopwatch.GetTimestamp();
        await SendAsync(http, uri, body, clients, each);
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var spent = (Environment.CpuUsage.TotalTime - cpu.TotalTime).TotalSeconds;
        Console.WriteLine($"{{\"perSecond\":{clients * each / seconds:0},\"perCpuSecond\":{clients * each / spent:0}}}");
    }

    private static Task SendAsync(HttpClient http, Uri uri, byte[] body, int clients, int each) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                using var content = new ByteArrayContent(body);
                using var answer = await http.PostAsync(uri, content);
                await answer.Content.ReadAsByteArrayAsync();
            }
        })));
}
