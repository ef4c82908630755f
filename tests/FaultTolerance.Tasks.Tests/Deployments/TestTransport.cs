using System.Net.Sockets;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Deployments;

/// <summary>The way to frontends that are the fake API itself.</summary>
internal sealed class TestTransport(GraphWatch watch, FakeApi api) : IFrontendTransport
{
    public IReadOnlyList<FrontendEndpoint> Ready =>
        [.. watch.Pods.Where(p => p.IsReady).Select(p => new FrontendEndpoint(p.Name, p.Uid, new Uri($"http://{p.Name}:8000/")))];

    /// <summary>Answers as a frontend with the model M does; leaves what is not a frontend's.</summary>
    public static async Task<bool> ServeAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/v1/models" => await FakeApi.JsonAsync(http, """{"data":[{"id":"M"}]}"""),
        "/v1/chat/completions" => await FakeApi.JsonAsync(http, """{"choices":[{"message":{"content":"1"}}]}"""),
        _ => false,
    };

    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        var address = new Uri(api.Address);
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellation);
        return client.GetStream();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
