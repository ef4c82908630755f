using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FaultTolerance.Graphs.Manifests;

namespace RealCluster.Support;

/// <summary>
/// Stands on loopback between the tool and an API server, with the administrator's certificate, and spoils calls at seeded random:
/// delays, connections dropped before and in the middle of an answer, 429 with Retry-After, 500, 410 for watches, cut WebSockets.
/// One request a connection, so that each has its turn.
/// </summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Random _random;
    private readonly double _share;
    private readonly Uri _server;
    private readonly X509Certificate2 _client;
    private readonly X509Certificate2 _authority;
    private readonly Task _accepting;
    private CancellationTokenSource _up = new();
    private CancellationTokenSource _forwards = new();
    private volatile bool _down;
    private volatile bool _cuts;
    private int _spoilt;

    private ChaosProxy(Uri server, X509Certificate2 client, X509Certificate2 authority, int seed, double share)
    {
        (_server, _client, _authority, _share) = (server, client, authority, share);
        _random = new Random(seed);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How many calls were spoilt.</summary>
    public int Spoilt => Volatile.Read(ref _spoilt);

    /// <summary>Address to put into a kubeconfig.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Starts one before the cluster of a kubeconfig.</summary>
    /// <param name="kubeconfig">Its first cluster and first user, with certificates in it.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="share">Share of calls that are spoilt, 0 to 1.</param>
    public static ChaosProxy Start(string kubeconfig, int seed, double share)
    {
        var body = Manifest.Parse(kubeconfig, File.ReadAllText(kubeconfig)).Documents.Single().Body;
        string Pem(string list, string inner, string property) =>
            Encoding.UTF8.GetString(Convert.FromBase64String(body[list]![0]![inner]![property]!.GetValue<string>()));
        using var pair = X509Certificate2.CreateFromPem(
            Pem("users", "user", "client-certificate-data"),
            Pem("users", "user", "client-key-data")
        );
        return new ChaosProxy(
            new Uri(body["clusters"]![0]!["cluster"]!["server"]!.GetValue<string>()),
            X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null),
            X509Certificate2.CreateFromPem(Pem("clusters", "cluster", "certificate-authority-data")),
            seed,
            share);
    }

    /// <summary>What clients see of an API server that restarts: every connection cut at once, and none taken until it is back.</summary>
    public async Task RestartAsync(TimeSpan length)
    {
        _down = true;
        using (var up = Interlocked.Exchange(ref _up, new CancellationTokenSource()))
        {
            await up.CancelAsync();
        }

        await Task.Delay(length, _ended.Token);
        _down = false;
    }

    /// <summary>Cuts the port-forwards that are open, and each that is opened meanwhile; all other calls go through.</summary>
    public async Task CutPortForwardsAsync(TimeSpan length)
    {
        _cuts = true;
        using (var forwards = Interlocked.Exchange(ref _forwards, new CancellationTokenSource()))
        {
            await forwards.CancelAsync();
        }

        await Task.Delay(length, _ended.Token);
        _cuts = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _client.Dispose();
        _authority.Dispose();
        _ended.Dispose();
        _up.Dispose();
        _forwards.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_ended.Token);
                open.Add(ServeAsync(socket));
                open.RemoveAll(t => t.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var near = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_down || await ReadHeadAsync(near) is not { } read)
            {
                return;
            }

            var (head, rest) = read;
            var upgrade = head.Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase);
            var plan = Draw(head, upgrade);
            var isForward = head.Split('\n')[0].Contains("/portforward", StringComparison.Ordinal);
            if (isForward && _cuts)
            {
                return;
            }

            if (plan.Delay > TimeSpan.Zero)
            {
                await Task.Delay(plan.Delay, _ended.Token);
            }

            if (plan.Answer is { } answer)
            {
                await near.WriteAsync(Encoding.ASCII.GetBytes(answer), _ended.Token);
                return;
            }

            if (!plan.Drop)
            {
                await ForwardAsync(near, upgrade ? head : OneRequest(head), rest, plan.CutAfter, isForward ? _forwards.Token : default);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // A connection that broke, or the end.
        }
    }

    private Plan Draw(string head, bool upgrade)
    {
        lock (_random)
        {
            if (_random.NextDouble() >= _share)
            {
                return default;
            }

            Interlocked.Increment(ref _spoilt);
            var cut = TimeSpan.FromMilliseconds(_random.Next(50, 3000));
            return (upgrade ? _random.Next(4, 6) : _random.Next(0, 6)) switch
            {
                0 => new Plan { Answer = Status(429, "TooManyRequests", "Retry-After: 1\r\n") },
                1 => new Plan { Answer = Status(500, "InternalError") },
                2 when head.Contains("watch=1", StringComparison.Ordinal) => new Plan { Answer = Status(410, "Expired") },
                3 => new Plan { Drop = true },
                4 => new Plan { CutAfter = cut },
                _ => new Plan { Delay = TimeSpan.FromMilliseconds(_random.Next(20, 1500)) },
            };
        }
    }

    private async Task ForwardAsync(Stream near, string head, byte[] rest, TimeSpan? cutAfter, CancellationToken cut)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, _up.Token, cut);
        if (cutAfter is { } time)
        {
            limit.CancelAfter(time);
        }

        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(_server.Host, _server.Port, limit.Token);
        await using var far = new SslStream(tcp.GetStream());
        await far.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _server.Host,
                ClientCertificates = [_client],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { _authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            limit.Token);
        await far.WriteAsync(Encoding.ASCII.GetBytes(head), limit.Token);
        await far.WriteAsync(rest, limit.Token);

        // Whichever side ends first ends both: half-closed connections are of no use to HTTP.
        var up = near.CopyToAsync(far, limit.Token);
        var down = far.CopyToAsync(near, limit.Token);
        await Task.WhenAny(up, down);
        await limit.CancelAsync();
        await Task.WhenAll(Quiet(up), Quiet(down));
    }

    private static async Task Quiet(Task copy)
    {
        try
        {
            await copy;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side ended.
        }
    }

    private async Task<(string Head, byte[] Body)?> ReadHeadAsync(Stream near)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (length < buffer.Length)
        {
            var count = await near.ReadAsync(buffer.AsMemory(length), _ended.Token);
            if (count == 0)
            {
                return null;
            }

            length += count;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return (Encoding.ASCII.GetString(buffer, 0, end + 4), buffer[(end + 4)..length]);
            }
        }

        return null;
    }

    private static string OneRequest(string head) => head.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);

    private static string Status(int code, string reason, string headers = "")
    {
        var body =
            $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"spoilt","reason":"{{reason}}","code":{{code}}}""";
        return $"HTTP/1.1 {code} Spoilt\r\nContent-Type: application/json\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
    }

    private readonly record struct Plan(TimeSpan Delay, string? Answer, bool Drop, TimeSpan? CutAfter);
}
