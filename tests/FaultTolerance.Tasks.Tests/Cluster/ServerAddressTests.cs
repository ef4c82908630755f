using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Transport;

namespace FaultTolerance.Tests.Cluster;

/// <summary>Servers below a path of their own, and kubeconfigs that cannot be used.</summary>
public sealed class ServerAddressTests
{
    private const string Below = "/k8s/clusters/c-m-abc";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Server_below_a_path_is_asked_there_for_everything(string end)
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = async http =>
        {
            if (!http.Request.Path.Value!.StartsWith($"{Below}/", StringComparison.Ordinal))
            {
                return await FakeApi.StatusAsync(http, 404, "NotFound", "no such cluster");
            }

            http.Request.Path = http.Request.Path.Value![Below.Length..];
            return http.Request.Path.Value switch
            {
                var path when path!.EndsWith("/exec", StringComparison.Ordinal) => await FakeApi.SocketAsync(
                    http,
                    "v5.channel.k8s.io",
                    socket => FakeApi.SendAsync(socket, 3, """{"status":"Success"}"""u8)
                ),
                var path when path!.EndsWith("/portforward", StringComparison.Ordinal) => await FakeApi.SocketAsync(
                    http,
                    "v4.channel.k8s.io",
                    _ => Task.CompletedTask
                ),
                var path when path!.EndsWith("/pods", StringComparison.Ordinal) && http.Request.Query.ContainsKey("watch") =>
                    await ListWatchTests.Lines(http, ListWatchTests.Event("ADDED", ListWatchTests.Pod("b", 11))),
                var path when path!.EndsWith("/pods", StringComparison.Ordinal) => await FakeApi.JsonAsync(
                    http,
                    ListWatchTests.List("1", "")
                ),
                _ => false,
            };
        };
        var kubeconfig = api.Write(
            "below",
            (await File.ReadAllTextAsync(api.Kubeconfig, Cancellation)).Replace(
                api.Address,
                $"{api.Address}{Below}{end}",
                StringComparison.Ordinal
            )
        );
        using var session = await ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = kubeconfig },
            TimeProvider.System,
            Cancellation
        );

        Assert.Equal(0, (await session.Exec.RunAsync("a", "main", ["true"], TimeSpan.FromSeconds(20), Cancellation)).ExitCode);
        await using var stream = await PortForwardTransport.ConnectAsync(session, "a", 8000, Cancellation);
        await foreach (var change in session.WatchAsync<k8s.Models.V1Pod>(ResourceType.Pods, default, Cancellation))
        {
            if (change.Object is not null)
            {
                break;
            }
        }

        Assert.All(api.Requests, request => Assert.Contains($" {Below}/", request, StringComparison.Ordinal));
        Assert.Contains(api.Requests, request => request.Contains("watch=1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("server: ftp://127.0.0.1:1", "token: abc")]
    [InlineData("server: not an address", "token: abc")]
    [InlineData("server: http://127.0.0.1:1", "token: \"a\\nb\"")]
    [InlineData("server: https://127.0.0.1:1", "client-certificate: /nowhere.crt\n    client-key: /nowhere.key")]
    [InlineData("server: https://127.0.0.1:1", "client-certificate-data: bm9uZQ==\n    client-key-data: bm9uZQ==")]
    [InlineData("server: https://127.0.0.1:1", "client-certificate-data: '%%%'\n    client-key-data: '%%%'")]
    [InlineData("server: https://127.0.0.1:1\n    certificate-authority-data: bm9uZQ==", "token: abc")]
    [InlineData("server: https://127.0.0.1:1\n    certificate-authority: /nowhere.ca", "token: abc")]
    public async Task Kubeconfig_that_cannot_be_used_is_one_line(string cluster, string user)
    {
        await using var api = await FakeApi.StartAsync();
        var kubeconfig = api.Write("odd", $"""
            apiVersion: v1
            kind: Config
            current-context: main
            contexts: [{"{"}name: main, context: {"{"}cluster: c, user: u, namespace: ft{"}"}{"}"}]
            clusters:
            - name: c
              cluster:
                {cluster}
            users:
            - name: u
              user:
                {user}
            """);

        var e = await Assert.ThrowsAsync<ClusterException>(() => ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = kubeconfig, Retries = 0 }, TimeProvider.System, Cancellation));

        Assert.Contains(e.Code, new[] { "FT0318", "FT0304", "FT0305", "FT0310" });
        Assert.DoesNotContain(e.Message, char.IsControl);
    }
}
