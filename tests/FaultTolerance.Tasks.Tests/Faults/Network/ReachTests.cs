using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FaultTolerance.Faults.Network;

namespace FaultTolerance.Tests.Faults.Network;

/// <summary>What the script says of real connections that end in every way.</summary>
public sealed class ReachTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Command_tells_of_an_answer_and_how_long_it_took()
    {
        var reach = await TryAsync(async client =>
        {
            await Task.Delay(200, Cancellation);
            await client.GetStream().WriteAsync("HTTP/1.0 200 OK\r\n"u8.ToArray(), Cancellation);
        });

        Assert.Equal(ReachEnd.Answered, reach.End);
        Assert.True(reach.Milliseconds >= 150);
    }

    [Fact]
    public async Task Command_tells_of_a_close() => Assert.Equal(ReachEnd.Closed, (await TryAsync(async client =>
    {
        var stream = client.GetStream();
        var read = 0;
        while (read < "GET / HTTP/1.0\r\n\r\n".Length)
        {
            read += await stream.ReadAsync(new byte[64], Cancellation);
        }
    })).End);

    [Fact]
    public async Task Command_tells_of_a_reset_as_one_or_as_a_close_where_the_shell_cannot_tell() => Assert
        .Contains((await TryAsync(async client =>
    {
        _ = await client.GetStream().ReadAsync(new byte[1], Cancellation);
        client.LingerState = new LingerOption(true, 0);
    })).End, new[] { ReachEnd.Reset, ReachEnd.Closed });

    [Fact]
    public async Task Command_tells_of_silence()
    {
        using var quiet = new CancellationTokenSource();
        Assert.Equal(ReachEnd.Silent, (await TryAsync(_ => Task.Delay(Timeout.Infinite, quiet.Token), quiet.Cancel)).End);
    }

    [Fact]
    public async Task Command_tells_of_a_refusal()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Dispose();

        Assert.Equal(ReachEnd.Refused, (await RunAsync(port)).End);
    }

    private static async Task<Reach> TryAsync(Func<TcpClient, Task> serve, Action? end = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var running = RunAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        using var client = await listener.AcceptTcpClientAsync(Cancellation);
        var serving = serve(client);
        if (end is null)
        {
            await serving;
            client.Close();
            return await running;
        }

        var reach = await running;
        end();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        return reach;
    }

    private static async Task<Reach> RunAsync(int port)
    {
        var command = ReachScript.Command("127.0.0.1", port, TimeSpan.FromSeconds(1));
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output.Split('\n').Select(Reach.Parse).First(reach => reach is not null)!.Value;
    }
}
