using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>
/// The engine of a sidecar: a connection to the container beside it. The engine says on it which model it has when it is initialised; with
/// the connection the engine is gone.
/// </summary>
internal sealed class EngineLink : IEngine
{
    /// <summary>The option that says where the engine listens.</summary>
    public const string Option = "--grpc-endpoint";

    /// <summary>The port where nothing is said.</summary>
    public const int UsualPort = 50051;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private readonly GenerationClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private readonly IPEndPoint _address;

    private EngineLink(NetworkStream stream, StreamReader reader, IPEndPoint address, string model)
    {
        (_stream, _reader, _address, Model) = (stream, reader, address, model);
        _client = new(stream);
        Died = ListenAsync();
    }

    /// <summary>The model that the engine has.</summary>
    public string Model { get; }

    public Task Ready => Task.CompletedTask;

    public Task Died { get; }

    public int InFlight => _client.InFlight;

    public string Description => $"the engine is another container's, at {_address}";

    /// <summary>Reads the option's value; throws <see cref="UsageException"/> for what is no host and port.</summary>
    public static IPEndPoint AddressOf(string? text)
    {
        var host = text?[..Math.Max(0, text.LastIndexOf(':'))];
        return text is null ? new(IPAddress.Loopback, UsualPort)
            : IPEndPoint.TryParse(host == "localhost" ? $"127.0.0.1{text[host.Length..]}" : text, out var address) && address.Port > 0 ? address
            : throw new UsageException($"{Option} is '{text}', but must be an address and a port, 127.0.0.1:{UsualPort} say");
    }

    /// <summary>Waits for the engine, as long as it takes; null where it is told to stop meanwhile.</summary>
    public static async Task<EngineLink?> ConnectAsync(
        WorkerOptions options, StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        // On a local cluster, whose pods share one network, the pod's own loopback address is another one.
        var own = BindAddress.For(settings.PodIp);
        var asked = options.EngineAddress!;
        var address = IPAddress.IsLoopback(asked.Address) && !own.Equals(IPAddress.Any) ? new IPEndPoint(own, asked.Port) : asked;
        log.Info(options.Engine.Module, $"waits for the engine at {address}");
        while (!stop.IsCancellationRequested)
        {
            if (await TryAsync(address, stop) is { } link)
            {
                return link;
            }

            await Task.Delay(LookEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(
        GenerateCommand command, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var answer in _client.GenerateAsync(command, cancellation))
        {
            yield return answer;
        }
    }

    /// <summary>The engine is another container's: the link to it is all that can be ended here.</summary>
    public ValueTask AbortAsync(string reason) => _stream.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _reader.Dispose();
        _stream.Dispose();
    }

    private static async Task<EngineLink?> TryAsync(IPEndPoint address, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        NetworkStream? stream = null;
        try
        {
            await socket.ConnectAsync(address, stop);
            stream = new NetworkStream(socket, ownsSocket: true);
            var reader = new StreamReader(stream, Encoding.UTF8);
            if (await reader.ReadLineAsync(stop) is { } line && WorkerNotice.VerbOf(line) == WorkerNotice.Ready)
            {
                return new(stream, reader, address, WorkerNotice.RestOf(line));
            }
        }
        catch (Exception notThere) when (notThere is SocketException or IOException or OperationCanceledException)
        {
            // Not there yet, or gone again.
        }

        stream?.Dispose();
        socket.Dispose();
        return null;
    }

    private async Task ListenAsync()
    {
        try
        {
            while (await _reader.ReadLineAsync() is { } line)
            {
                _client.OnLine(line);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // As its end.
        }

        _client.OnClosed();
    }
}
