using System.Net.Sockets;
using FaultTolerance.Faults;
using FaultTolerance.Faults.CancelRequests;
using FaultTolerance.Faults.Clients;
using FaultTolerance.Faults.Overload;
using FaultTolerance.Faults.TokenOverflow;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.Kinds;

/// <summary>Faults that are requests, against a frontend whose answers a test decides.</summary>
public sealed class ClientFaultTests : IAsyncLifetime
{
    private FakeApi _frontend = null!;
    private FaultStage _stage = null!;
    private Func<HttpContext, string, Task> _answer = static (http, _) => http.Response.WriteAsync("{}");

    public async ValueTask InitializeAsync()
    {
        _frontend = await FakeApi.StartAsync();
        _frontend.Handle = async http =>
        {
            if (http.Request.Path == "/v1/models")
            {
                return await FakeApi.JsonAsync(http, """{"data":[{"id":"m"}]}""");
            }

            using var reader = new StreamReader(http.Request.Body);
            await _answer(http, await reader.ReadToEndAsync(http.RequestAborted));
            return true;
        };
        _stage = await FaultStage.StartAsync(pods: 1);
        _stage.Options = new FaultOptions { Door = new Door(new Uri(_frontend.Address).Port) };
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _frontend.DisposeAsync();
    }

    [Fact]
    public async Task Overload_tells_what_was_answered()
    {
        var count = 0;
        _answer = (http, _) => Task.FromResult(http.Response.StatusCode = Interlocked.Increment(ref count) % 2 == 0 ? 503 : 200);

        var outcome = Assert.Single(await _stage.RunAsync(Overload with { Rejected = true }));

        Assert.Null(outcome.Error);
        Assert.Matches(@"^3 clients; answers: 200 x\d+, 503 x\d+$", outcome.Proof!.Text);
    }

    [Fact]
    public async Task Overload_that_has_to_be_rejected_and_is_not_is_unproven()
    {
        var outcome = Assert.Single(await _stage.RunAsync(Overload with { Rejected = true }));

        Assert.Equal("FT0606", outcome.Error!.Code);
        Assert.Contains("rejected none", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelRequests_leaves_each_stream_after_its_first_data()
    {
        var left = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = async (http, body) =>
        {
            Assert.Contains("\"stream\":true", body, StringComparison.Ordinal);
            await http.Response.WriteAsync("data: x\n\n");
            await http.Response.Body.FlushAsync();
            http.RequestAborted.Register(() =>
            {
                if (Interlocked.Increment(ref left) == 3)
                {
                    all.TrySetResult();
                }
            });
            await all.Task;
        };

        var outcome = Assert.Single(await _stage.RunAsync(new CancelRequestsFault { Requests = 3, After = TimeSpan.Zero }));

        Assert.Null(outcome.Error);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("3 streams had data and were left before their end", outcome.Proof!.Text);
    }

    [Theory]
    [InlineData(400, 200, null, null)]
    [InlineData(500, 200, 500, null)]
    [InlineData(200, 200, null, "not every prompt was rejected")]
    [InlineData(500, 200, null, "not every prompt was rejected")]
    [InlineData(400, 200, 500, "not every prompt was rejected")]
    [InlineData(400, 500, null, "a short one after them had 500")]
    public async Task TokenOverflow_needs_rejection_and_service_after_it(int tooLong, int after, int? rejectedWith, string? error)
    {
        _answer = (http, body) => Task.FromResult(http.Response.StatusCode = body.Length > 1000 ? tooLong : after);

        var outcome = Assert.Single(await _stage.RunAsync(
            new TokenOverflowFault { Requests = 2, InputTokens = 1000, RejectedWith = rejectedWith, After = TimeSpan.Zero }));

        Assert.Equal(error is null ? null : "FT0606", outcome.Error?.Code);
        Assert.Contains(error ?? "", outcome.Error?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(error is null ? $"rejected: {tooLong} x2; a short request after them was answered" : null, outcome.Proof?.Text);
    }

    [Fact]
    public async Task Requests_without_a_way_to_the_frontends_are_an_error()
    {
        _stage.Options = new FaultOptions();

        Assert.Equal("FT0625", Assert.Single(await _stage.RunAsync(Overload)).Error!.Code);
    }

    private static OverloadFault Overload => new() { Clients = 3, For = TimeSpan.FromSeconds(0.5), After = TimeSpan.Zero };

    private sealed class Door(int port) : IClientDoor
    {
        public string? Model => null;

        public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
