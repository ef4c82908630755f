using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Proxy;
using FaultTolerance.LocalCluster.Storage;
using FaultTolerance.LocalCluster.Tests.Kubelet;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.LocalCluster.Tests.Proxy;

public sealed class ServiceProxyTests
{
    private static readonly ResourceId Service = new(Resources.Services, "ns", "web");

    [Fact]
    public async Task ClusterIP_reaches_the_ready_pods_in_turn_and_refuses_without_one()
    {
        var token = TestContext.Current.CancellationToken;
        using var addresses = PodAddresses.Claim();
        var store = new MemoryStore(TimeProvider.System);
        var ip = addresses.ForServices().First();
        using var one = Listen(addresses.NextPod());
        using var two = Listen(addresses.NextPod());
        var answering = Task.WhenAll(AnswerAsync(one, "one", token), AnswerAsync(two, "two", token));
        var port = Port(Listen(ip), free: true);
        await using var proxy = new ServiceProxy(
            store, new EventRecorder(store, "test", TimeProvider.System, NullLogger.Instance), new PodListeners(), TimeProvider.System,
                NullLogger.Instance);
        store.Create(Service, new JsonObject { ["spec"] =
            new JsonObject { ["clusterIP"] = ip, ["ports"] = new JsonArray(new JsonObject { ["port"] = port }) } });

        proxy.Reconcile(Service);
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(ip, port, token));
        var endpoints = Service with { Type = Resources.Endpoints };
        store.Create(endpoints, new JsonObject { ["subsets"] = new JsonArray(Subset(one), Subset(two)) });
        proxy.Reconcile(Service);
        var answers = new[] { await AskAsync(ip, port, token), await AskAsync(ip, port, token), await AskAsync(ip, port, token) };
        store.Remove(endpoints);
        proxy.Reconcile(Service);

        Assert.Equal(["one:hello", "two:hello"], answers.Distinct().Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(ip, port, token));
        one.Dispose();
        two.Dispose();
        await answering;
    }

    [Fact]
    public async Task ClusterIP_whose_port_is_taken_on_all_addresses_is_told_as_an_event()
    {
        using var addresses = PodAddresses.Claim();
        var store = new MemoryStore(TimeProvider.System);
        using var server = Listen("0.0.0.0");
        var ip = addresses.ForServices().First();
        await using var proxy = new ServiceProxy(
            store, new EventRecorder(store, "test", TimeProvider.System, NullLogger.Instance), new PodListeners(), TimeProvider.System,
                NullLogger.Instance);
        store.Create(Service, new JsonObject { ["spec"] =
            new JsonObject { ["clusterIP"] = ip, ["ports"] = new JsonArray(new JsonObject { ["port"] = Port(server) }) } });
        store.Create(Service with { Type = Resources.Endpoints }, new JsonObject { ["subsets"] = new JsonArray(Subset(server)) });

        proxy.Reconcile(Service);

        var told = Assert.Single(store.List(Resources.Events, "ns").Items);
        Assert.Equal("FailedToListen", told.Text("reason"));
        Assert.Contains("must bind its pod's own address", told.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_find_the_services_of_their_namespace_in_their_environment()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Store.Create(Service with { Name = "my-etcd" }, JsonNode.Parse(
            """{"spec":{"clusterIP":"127.9.200.1","ports":[{"name":"client","port":2379},{"name":"peer-a","port":2380}]}}""")!.AsObject());
        cluster.Store.Create(Service with { Name = "headless" },
            JsonNode.Parse("""{"spec":{"clusterIP":"None","ports":[{"port":1}]}}""")!.AsObject());

        cluster.CreatePod("a", "env | sort; echo at $(MY_ETCD_SERVICE_HOST); echo end; exec sleep 1000");
        cluster.CreatePod("b", "env | sort; echo end; exec sleep 1000", p => p["spec"]!["enableServiceLinks"] = false);
        await Task.WhenAll(cluster.WaitReadyAsync("a"), cluster.WaitReadyAsync("b"));
        await cluster.WaitLogAsync("a", "end\n");
        await cluster.WaitLogAsync("b", "end\n");

        var log = await cluster.LogAsync("a");
        Assert.All(
            (string[])["MY_ETCD_SERVICE_HOST=127.9.200.1\n", "MY_ETCD_SERVICE_PORT=2379\n", "MY_ETCD_SERVICE_PORT_PEER_A=2380\n",
                "MY_ETCD_PORT=tcp://127.9.200.1:2379\n", "MY_ETCD_PORT_2380_TCP_ADDR=127.9.200.1\n", "at 127.9.200.1\n"],
            line => Assert.Contains(line, log, StringComparison.Ordinal));
        Assert.DoesNotContain("HEADLESS", log, StringComparison.Ordinal);
        Assert.DoesNotContain("MY_ETCD", await cluster.LogAsync("b"), StringComparison.Ordinal);
    }

    private static Socket Listen(string ip)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(ip), 0));
        socket.Listen();
        return socket;
    }

    private static int Port(Socket socket, bool free = false)
    {
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        if (free)
        {
            socket.Dispose();
        }

        return port;
    }

    private static JsonObject Subset(Socket socket) => new()
    {
        ["addresses"] = new JsonArray(new JsonObject { ["ip"] = ((IPEndPoint)socket.LocalEndPoint!).Address.ToString() }),
        ["ports"] = new JsonArray(new JsonObject { ["port"] = Port(socket) }),
    };

    private static async Task AnswerAsync(Socket server, string name, CancellationToken token)
    {
        try
        {
            while (true)
            {
                using var client = await server.AcceptAsync(token);
                var text = new byte[100];
                var count = 0;
                for (int read; (read = await client.ReceiveAsync(text.AsMemory(count), token)) > 0; count += read)
                {
                }

                await client.SendAsync(Encoding.UTF8.GetBytes(name + ":" + Encoding.UTF8.GetString(text, 0, count)), token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test ended
        }
    }

    // Says hello and its end, and reads to the other's end: half-closed connections must pass.
    private static async Task<string> AskAsync(string ip, int port, CancellationToken token)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(ip, port, token);
        var stream = client.GetStream();
        await stream.WriteAsync("hello"u8.ToArray(), token);
        client.Client.Shutdown(SocketShutdown.Send);
        return await new StreamReader(stream).ReadToEndAsync(token);
    }
}
