using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Cluster;

/// <summary>Each call to the API, in each trouble, ends within minutes of the session's time, with a code or what it can know.</summary>
public sealed class EachSourceTests
{
    private static readonly Dictionary<string, Func<ClusterSession, Task>> Sources = new(StringComparer.Ordinal)
    {
        ["find"] = session => session.FindAsync<V1Pod>(ResourceType.Pods, "a", Cancellation),
        ["list"] = session => session.ListAsync<V1Pod>(ResourceType.Pods, default, Cancellation),
        ["create"] = session => session.CreateAsync(ResourceType.ConfigMaps, Named("a"), Cancellation),
        ["replace"] = session => session.ReplaceAsync(ResourceType.ConfigMaps, Named("a"), Cancellation),
        ["delete"] = session => session.DeleteAsync(ResourceType.Pods, "a", new Deletion(0, "u"), Cancellation),
        ["discovery"] = session => session.ServedVersionsAsync("nvidia.com", Cancellation),
        ["subresource"] = session => session.HasSubresourceAsync(ResourceType.Pods, "ephemeralcontainers", "Pod", Cancellation),
        ["rights"] = session => session.RequireAsync([new Permission("get", "", "pods")], Cancellation),
        ["health"] = session => session.RefusalAsync(Cancellation),
        ["namespace"] = session => session.NamespaceEndAsync(Cancellation),
        ["log"] = ReadLogAsync,
        ["exec"] = session => session.Exec.RunAsync("a", "main", ["true"], TimeSpan.FromSeconds(30), Cancellation),
        ["port-forward"] = async session => await PortForwardTransport.ConnectAsync(session, "a", 8000, Cancellation),
    };

    private static readonly Dictionary<string, Func<HttpContext, Task<bool>>> Troubles = new(StringComparer.Ordinal)
    {
        ["never"] = Trouble.NeverAsync,
        ["stall"] = http => Trouble.StallAsync(http, "{\"kind\":"),
        ["drip"] = http => Trouble.DripAsync(http, () => Task.Delay(20, CancellationToken.None)),
        ["drop"] = http => Trouble.DropAsync(http, "{\"kind\":"),
        ["endless"] = http => Trouble.EndlessAsync(http, "{\"metadata\":{\"name\":\"", "aaaaaaaaaaaaaaaa"),
        ["endless error"] = http => Trouble.EndlessAsync(http, "<html>", "<p>\u001b[31m::error::no</p>\n", status: 422),
        ["endless failure"] = http => Trouble.EndlessAsync(http, "<html>", "<p>##vso[x]</p>\n", status: 500),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var source in Sources.Keys)
        {
            foreach (var trouble in Troubles.Keys)
            {
                all.Add(source, trouble);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Call_in_trouble_ends_in_time_and_in_one_line(string source, string trouble)
    {
        await using var api = await FakeApi.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await api.ConnectAsync(time, retries: 1);
        api.Handle = Troubles[trouble];

        await EndsAsync(time, Sources[source](session));
    }

    [Theory]
    [InlineData("never")]
    [InlineData("stall")]
    [InlineData("drip")]
    [InlineData("drop")]
    [InlineData("endless")]
    [InlineData("endless error")]
    [InlineData("endless failure")]
    public async Task Connecting_in_trouble_ends_in_time_and_in_one_line(string trouble)
    {
        await using var api = await FakeApi.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        api.Handle = Troubles[trouble];

        Assert.NotNull(await EndsAsync(time, api.ConnectAsync(time, retries: 1)));
    }

    private static async Task<Exception?> EndsAsync(FakeTimeProvider time, Task call)
    {
        var error = await Record.ExceptionAsync(() => time.PumpAsync(call, seconds: 360));
        if (error is not null)
        {
            Assert.True(error is FaultMatrixException or TransportException or IOException, error.ToString());
            Assert.DoesNotContain(error.Message, char.IsControl);
            Assert.InRange(error.Message.Length, 10, 1000);
        }

        return error;
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name, ["resourceVersion"] = "1" } };

    private static async Task ReadLogAsync(ClusterSession session)
    {
        await using var log = await session.OpenLogAsync("a", "main", previous: false, Cancellation);
        var buffer = new byte[1024 * 1024];
        var read = 0L;
        while (log is not null && await log.ReadAsync(buffer, Cancellation) is > 0 and var count && (read += count) < 256 * 1024 * 1024)
        {
            // How much of it is kept is the reader's to say.
        }
    }
}
