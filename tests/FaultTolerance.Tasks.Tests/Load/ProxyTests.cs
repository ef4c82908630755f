using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>
/// nginx and haproxy of the machine between the load and a server: what they answer in its place has their own status and body, and is told
/// apart from what the server says itself.
/// </summary>
public sealed class ProxyTests : IDisposable
{
    private readonly LoadFixture _fixture = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("proxy-").FullName;

    [Theory]
    [InlineData("nginx", "HTTP 502", "502 Bad Gateway", "504 Gateway Time-out")]
    [InlineData("haproxy", "HTTP 503", "503 Service Unavailable", "504 Gateway Time-out")]
    public async Task States_behind_a_proxy_are_told_apart(string program, string status, string gone, string late)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"there is no {program} on this machine");
        using var release = new CancellationTokenSource();
        var asked = 0;
        using var server = new LoopbackFrontend(socket => ServeAsync(socket, () => Interlocked.Increment(ref asked), release.Token));
        server.Listen();
        var port = FreePort();
        using var proxy = await StartAsync(program, path!, port, server.Port);
        try
        {
            await using var transport = new LoopbackTransport(port);
            var spec = LoadFixture.Fast with { Clients = 1, RequestsPerClient = 4, Timeout = TimeSpan.FromSeconds(20), Connections = Connections.PerRequest };

            // Answered, turned away by the server itself, a stream of it that breaks, and one that it never answers.
            await _fixture.RunAsync(spec, transport);
            var first = Results(0);
            Assert.Equal(["Ok", "Rejected"], first.Take(2).Select(result => result.Outcome));
            Assert.Contains("the server's own words", first[1].Error, StringComparison.Ordinal);
            Assert.NotEqual("Ok", first[2].Outcome);
            Assert.Equal("ServerError", first[3].Outcome);
            Assert.Contains(late, first[3].Error, StringComparison.Ordinal);

            // The server is gone: the proxy speaks in its place.
            await release.CancelAsync();
            server.Dispose();
            using var second = new LoadFixture();
            await second.RunAsync(spec with { RequestsPerClient = 1 }, transport);
            var last = Results(0, second).Single();
            Assert.Contains(last.Outcome, new[] { nameof(Outcome.Rejected), nameof(Outcome.ServerError) });
            Assert.StartsWith(status, last.Error, StringComparison.Ordinal);
            Assert.Contains(gone, last.Error, StringComparison.Ordinal);
        }
        finally
        {
            await release.CancelAsync();
            proxy.Kill(entireProcessTree: true);
            await proxy.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _fixture.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (string Outcome, string Error)[] Results(int client, LoadFixture? fixture = null) =>
    [
        .. (fixture ?? _fixture).Lines(client).Select(line => line.GetProperty("results")[0]).Select(result => (
            result.GetProperty("outcome").GetString()!, result.TryGetProperty("error", out var error) ? error.GetString()! : "")),
    ];

    private static async Task ServeAsync(Socket socket, Func<int> next, CancellationToken release)
    {
        var buffer = new byte[64 * 1024];
        if (await socket.ReceiveAsync(buffer, CancellationToken.None) == 0)
        {
            return;
        }

        switch (next())
        {
            case 1:
                await SendAsync(socket, 200, Bodies.Chat());
                break;
            case 2:
                await SendAsync(socket, 503, """{"message":"the server's own words","code":503}""");
                break;
            case 3:
                await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"), SocketFlags.None, CancellationToken.None);
                break;
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, release).ContinueWith(static _ => { }, TaskScheduler.Default);
                break;
        }
    }

    private static async Task SendAsync(Socket socket, int status, string body) =>
        await socket.SendAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Text\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"),
            SocketFlags.None, CancellationToken.None);

    private async Task<Process> StartAsync(string program, string path, int port, int upstream)
    {
        var config = Path.Combine(_folder, "proxy.conf");
        await File.WriteAllTextAsync(config, (program == "nginx" ? Nginx : Haproxy)
            .Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("UPSTREAM", upstream.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("FOLDER", _folder, StringComparison.Ordinal));
        string[] words = program == "nginx" ? ["-p", _folder, "-c", config] : ["-f", config, "-db"];
        var process = Process.Start(new ProcessStartInfo(path, words) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        for (var wait = 0; ; wait++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return process;
            }
            catch (SocketException) when (wait < 200 && !process.HasExited)
            {
                await Task.Delay(25, TestContext.Current.CancellationToken);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private const string Nginx = """
        daemon off;
        worker_processes 1;
        pid FOLDER/nginx.pid;
        error_log FOLDER/error.log;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
          server {
            listen 127.0.0.1:PORT;
            location / { proxy_pass http://127.0.0.1:UPSTREAM; proxy_read_timeout 1s; proxy_next_upstream off; }
          }
        }

        """;

    private const string Haproxy = """
        defaults
          mode http
          timeout connect 1s
          timeout client 20s
          timeout server 1s
          retries 0
        frontend in
          bind 127.0.0.1:PORT
          default_backend out
        backend out
          server one 127.0.0.1:UPSTREAM

        """;
}
