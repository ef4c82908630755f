using System.Text;
using System.Text.Json;
using FaultTolerance.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Cluster;

public sealed class PodExecTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_gives_output_lines_and_exit_code()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, "v4.channel.k8s.io", async socket =>
            {
                await FakeApi.SendAsync(socket, 1, "one\ntw"u8);
                await FakeApi.SendAsync(socket, 2, "bad"u8);
                await FakeApi.SendAsync(socket, 1, "o\n"u8);
                await FakeApi.SendAsync(
                    socket,
                    3,
                    Encoding.UTF8.GetBytes(
                        """{"status":"Failure","reason":"NonZeroExitCode","message":"exit 3","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"""
                    )
                );
            });
        var lines = new List<string>();
        var result = await session.Exec.RunAsync(
            "pod",
            "main",
            ["/bin/sh", "-c", "a b; c&d"],
            TimeSpan.FromSeconds(10),
            Cancellation,
            lines.Add
        );
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("one\ntwo\n", result.Output);
        Assert.Equal("bad", result.Errors);
        Assert.Equal(["one", "two"], lines);
        Assert.Contains(api.Requests, r =>
            r.EndsWith("&command=%2Fbin%2Fsh&command=-c&command=a%20b%3B%20c%26d", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_whose_failure_repeats_its_script_leaves_the_script_out(bool quoted)
    {
        var script = string.Concat(Enumerable.Repeat("echo \"one\"\n", 10));
        var repeated = quoted
            ? script.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) : script;
        var said = new { status = "Failure", message = $"command '/bin/sh -c {repeated}' exited with 2" };
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(
            http, "v4.channel.k8s.io", socket => FakeApi.SendAsync(socket, 3, JsonSerializer.SerializeToUtf8Bytes(said)));

        var result = await session.Exec.RunAsync("pod", "main", ["/bin/sh", "-c", script], TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal("command '/bin/sh -c …' exited with 2", result.Failure);
    }

    [Fact]
    public async Task Run_of_success_is_exit_code_0()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http =>
            FakeApi.SocketAsync(http, "v5.channel.k8s.io", socket => FakeApi.SendAsync(socket, 3, """{"status":"Success"}"""u8));
        Assert.Equal(0, (await session.Exec.RunAsync("pod", "main", ["true"], TimeSpan.FromSeconds(10), Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Run_whose_container_dies_keeps_what_came_before()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        var seen = new TaskCompletionSource();
        api.Handle = http => FakeApi.SocketAsync(http, "v4.channel.k8s.io", async socket =>
        {
            await FakeApi.SendAsync(socket, 1, "sent 1\n"u8);
            await seen.Task;
            http.Abort();
        });
        var result = await session.Exec.RunAsync("pod", "main", ["x"], TimeSpan.FromSeconds(10), Cancellation, _ => seen.SetResult());
        Assert.Null(result.ExitCode);
        Assert.Equal("sent 1\n", result.Output);
        Assert.NotNull(result.Failure);
    }

    [Fact]
    public async Task Run_that_does_not_end_in_time_is_FT0314()
    {
        await using var api = await FakeApi.StartAsync();
        var time = new FakeTimeProvider();
        using var session = await api.ConnectAsync(time);
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Handle = http => FakeApi.SocketAsync(http, "v4.channel.k8s.io", async socket =>
        {
            await FakeApi.SendAsync(socket, 1, "begun\n"u8);
            await socket.ReceiveAsync(new byte[16], http.RequestAborted);
        });

        // The command's first line tells that the channel is up, and this side reads it.
        var run = session.Exec.RunAsync("pod", "main", ["sleep"], TimeSpan.FromSeconds(10), Cancellation, _ => reading.TrySetResult());
        await reading.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(11));

        var error = await Record.ExceptionAsync(() => run);
        Assert.True(error is ClusterException { Code: "FT0314" }, error?.ToString() ?? (await run).ToString());
    }

    [Fact]
    public async Task Run_whose_output_has_no_end_is_given_up()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, "v4.channel.k8s.io", async socket =>
        {
            var block = new byte[64 * 1024];
            try
            {
                // The server's socket takes what is sent after the client went, without an error.
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await FakeApi.SendAsync(socket, 1, block);
                }
            }
            catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client has gone.
            }
        });
        var e = await Assert.ThrowsAsync<ClusterException>(() => session.Exec.RunAsync("pod", "main", ["yes"], TimeSpan.FromSeconds(60), Cancellation));
        Assert.Equal("FT0319", e.Code);
    }
}
