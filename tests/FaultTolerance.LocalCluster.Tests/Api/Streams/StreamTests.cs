using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using FaultTolerance.LocalCluster.Storage;
using k8s;

namespace FaultTolerance.LocalCluster.Tests.Api.Streams;

public class StreamTests
{
    private const string Pod = "/api/v1/namespaces/ns/pods/p";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_goes_out_as_it_comes()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var response = await api.Http()
            .GetAsync(
                new Uri(Pod + "/log?follow=true&tailLines=5&timestamps=true", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                Cancellation
            );
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        await api.Runtime.LogAsync("one\n");
        Assert.Equal("one", await reader.ReadLineAsync(Cancellation));
        await api.Runtime.LogAsync("two\n");
        Assert.Equal("two", await reader.ReadLineAsync(Cancellation));
        api.Runtime.EndLog();

        Assert.Null(await reader.ReadLineAsync(Cancellation));
        Assert.Equal((true, 5, true), (api.Runtime.LastLog!.Follow, api.Runtime.LastLog.TailLines, api.Runtime.LastLog.Timestamps));
    }

    [Theory]
    [InlineData(Pod + "/log?previous=true", 400, "previous terminated container")]
    [InlineData(Pod + "x/log", 404, "pods \"px\" not found")]
    [InlineData(Pod + "/log?sinceTime=never", 400, "sinceTime")]
    [InlineData(Pod + "/exec?command=x&container=none", 400, "container none is not valid for pod p")]
    [InlineData(Pod + "/exec?command=x", 400, "over WebSocket")]
    [InlineData(Pod + "/portforward?ports=80", 400, "over WebSocket")]
    public async Task What_cannot_be_streamed_is_a_Status(string path, int status, string message)
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");

        var (code, refusal) = await api.Http().JsonAsync("GET", path);

        Assert.Equal(status, code);
        Assert.Contains(message, refusal.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_to_SPDY_is_refused_with_the_way_out()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var request = new HttpRequestMessage(HttpMethod.Post, Pod + "/exec?command=x&stdout=true");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("SPDY", "3.1"));

        using var response = await api.Http().SendAsync(request, Cancellation);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("kubectl speaks it from 1.30 on", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_separates_output_and_errors_and_tells_the_exit_code()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var client = api.Client();
        var (output, errors) = ("", "");

        var said = await client.NamespacedPodExecAsync("p", "ns", "main", ["say", "a b"], tty: false, Read, Cancellation);
        var code = await client.NamespacedPodExecAsync(
            "p",
            "ns",
            "main",
            ["exit", "3"],
            tty: false,
            (_, _, _) => Task.CompletedTask,
            Cancellation
        );

        Assert.Equal((0, 3, "a b", "A B"), (said, code, output, errors));

        async Task Read(Stream stdin, Stream stdout, Stream stderr)
        {
            using var one = new StreamReader(stdout);
            using var two = new StreamReader(stderr);
            output = await one.ReadToEndAsync(Cancellation);
            errors = await two.ReadToEndAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Exec_in_v5_closes_the_commands_input_on_channel_255()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/exec?command=cat&stdin=true&stdout=true", "v5.channel.k8s.io");

        await socket.SendAsync("\0hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancellation);
        await socket.SendAsync(new byte[] { 255, 0 }, WebSocketMessageType.Binary, true, Cancellation);

        Assert.Equal("v5.channel.k8s.io", socket.SubProtocol);
        var messages = await ReadAllAsync(socket);
        Assert.Equal(
            "hello",
            string.Concat(messages.Where(message => message.Channel == 1).Select(message => Encoding.UTF8.GetString(message.Payload)))
        );
        Assert.Contains("\"status\":\"Success\"", Encoding.UTF8.GetString(messages[^1].Payload), StringComparison.Ordinal);
        Assert.Equal(3, messages[^1].Channel);
    }

    [Fact]
    public async Task Exec_ends_the_command_when_the_client_leaves()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using (var socket = await ConnectAsync(api, Pod + "/exec?command=hang&stdout=true", "v4.channel.k8s.io"))
        {
            await socket.ReceiveAsync(new byte[16], Cancellation);
            socket.Abort();
        }

        await api.Runtime.SessionEnded.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Port_forward_carries_bytes_both_ways_for_each_port()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var client = api.Client();
        using var socket = await client.WebSocketNamespacedPodPortForwardAsync(
            "p",
            "ns",
            [8080, 9090],
            "v4.channel.k8s.io",
            cancellationToken: Cancellation
        );
        using var demuxer = new StreamDemuxer(socket, StreamType.PortForward);
        demuxer.Start();
        await using var first = demuxer.GetStream((byte?)0, (byte?)0);
        await using var second = demuxer.GetStream((byte?)2, (byte?)2);
        var sent = new byte[300_000];
        new Random(7).NextBytes(sent);

        var writing = first.WriteAsync(sent, Cancellation).AsTask();
        await second.WriteAsync("x"u8.ToArray(), Cancellation);
        var back = new byte[sent.Length];
        await first.ReadExactlyAsync(back, Cancellation);
        var other = new byte[1];
        await second.ReadExactlyAsync(other, Cancellation);
        await writing;

        Assert.Equal(sent, back);
        Assert.Equal((byte)'x', other[0]);
    }

    [Fact]
    public async Task Port_forward_announces_its_ports_and_tells_of_a_refused_connection()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/portforward?ports=1", "v4.channel.k8s.io");

        var messages = await ReadAllAsync(socket);

        Assert.Equal([1, 0], messages[0].Payload);
        Assert.Equal([1, 0], messages[1].Payload);
        Assert.Equal(1, messages[2].Channel);
        Assert.Contains("connection refused", Encoding.UTF8.GetString(messages[2].Payload), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 3, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"}""")]
    [InlineData("v4.channel.k8s.io", 3, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"}""")]
    [InlineData("v4.base64.channel.k8s.io", 3, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"}""")]
    [InlineData("channel.k8s.io", 0, null)]
    [InlineData("base64.channel.k8s.io", 0, null)]
    public async Task Exec_speaks_every_protocol_of_Kubernetes_and_without_a_name_v4_in_bytes(string? protocol, int lastChannel,
        string? status)
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/exec?command=say&command=a+b&stdout=true&stderr=true", protocol);

        var messages = await ReadAllAsync(socket);

        Assert.Equal(protocol, socket.SubProtocol);
        Assert.Equal("a b", string.Concat(messages.Where(message => message.Channel == 1)
            .Select(message => Encoding.UTF8.GetString(message.Payload))));
        Assert.Equal("A B", string.Concat(messages.Where(message => message.Channel == 2)
            .Select(message => Encoding.UTF8.GetString(message.Payload))));
        Assert.Equal(status, messages.Where(message => message.Channel == 3).Select(message => Encoding.UTF8.GetString(message.Payload))
            .SingleOrDefault());
        Assert.True(lastChannel == 0 || messages[^1].Channel == lastChannel);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("channel.k8s.io")]
    [InlineData("base64.channel.k8s.io")]
    [InlineData("v4.base64.channel.k8s.io")]
    public async Task Exec_takes_input_in_every_protocol(string? protocol)
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/exec?command=cat&stdin=true&stdout=true", protocol);
        var isText = protocol?.Contains("base64", StringComparison.Ordinal) is true;
        var input = isText ? "0" + Convert.ToBase64String("hello"u8) : "\0hello";

        await socket.SendAsync(
            Encoding.ASCII.GetBytes(input), isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, Cancellation);

        // A first message may be empty: Kubernetes opens each channel with one.
        var output = "";
        while (output.Length < "hello".Length && await ReadAsync(socket) is var (channel, payload))
        {
            Assert.Equal(1, channel);
            output += Encoding.ASCII.GetString(payload);
        }

        Assert.Equal("hello", output);
    }

    [Theory]
    [InlineData(null, "\"reason\":\"InternalError\"")]
    [InlineData("v5.channel.k8s.io", "\"reason\":\"InternalError\"")]
    [InlineData("channel.k8s.io", "Internal error occurred: error executing command in container: ")]
    public async Task Exec_of_a_program_that_is_not_there_ends_with_the_runtimes_error(string? protocol, string expected)
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/exec?command=nope&stdout=true", protocol);

        var (channel, payload) = Assert.Single(await ReadAllAsync(socket));

        Assert.Equal(3, channel);
        var text = Encoding.UTF8.GetString(payload);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("unable to start container process: exec: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_shows_the_containers_output_from_now_on_until_it_ends()
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/attach?stdout=true&stderr=true", "v5.channel.k8s.io");
        Assert.Equal(1, (await ReadAsync(socket))!.Value.Channel);

        await api.Runtime.LogAsync("hello");
        api.Runtime.EndLog();
        var messages = await ReadAllAsync(socket);

        Assert.Equal("hello", string.Concat(messages.Where(message => message.Channel == 1)
            .Select(message => Encoding.UTF8.GetString(message.Payload))));
        Assert.Contains("\"status\":\"Success\"", Encoding.UTF8.GetString(messages[^1].Payload), StringComparison.Ordinal);
        Assert.Equal((true, 0), (api.Runtime.LastLog!.Follow, api.Runtime.LastLog.TailLines));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("v4.base64.channel.k8s.io")]
    public async Task Port_forward_without_a_protocol_is_v4_in_bytes_and_base64_is_served(string? protocol)
    {
        await using var api = await ApiFixture.StartAsync();
        api.RunPod("p");
        using var socket = await ConnectAsync(api, Pod + "/portforward?ports=8080", protocol);
        byte[] message = [0, .. "hello, both ways"u8];

        if (protocol is null)
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, Cancellation);
        }
        else
        {
            // In two pieces that do not end where a group of base64 does.
            var text = Encoding.ASCII.GetBytes("0" + Convert.ToBase64String(message.AsSpan(1)));
            await socket.SendAsync(text.AsMemory(0, 6), WebSocketMessageType.Text, false, Cancellation);
            await socket.SendAsync(text.AsMemory(6), WebSocketMessageType.Text, true, Cancellation);
        }

        var received = new List<byte>();
        Assert.Equal([0x90, 0x1f], (await ReadAsync(socket))!.Value.Payload);
        Assert.Equal([0x90, 0x1f], (await ReadAsync(socket))!.Value.Payload);
        while (received.Count < message.Length - 1)
        {
            received.AddRange((await ReadAsync(socket))!.Value.Payload);
        }

        Assert.Equal(message[1..], received);
    }

    private static async Task<ClientWebSocket> ConnectAsync(ApiFixture api, string path, string? protocol)
    {
        var socket = new ClientWebSocket();
        if (protocol is not null)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        await socket.ConnectAsync(new Uri(api.Url.Replace("https", "wss", StringComparison.Ordinal) + path), api.Http(), Cancellation);
        return socket;
    }

    private static async Task<List<(byte Channel, byte[] Payload)>> ReadAllAsync(ClientWebSocket socket)
    {
        var messages = new List<(byte, byte[])>();
        while (await ReadAsync(socket) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    private static async Task<(byte Channel, byte[] Payload)?> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer, Cancellation);
        if (result.MessageType == WebSocketMessageType.Close)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
            return null;
        }

        var isText = socket.SubProtocol?.Contains("base64", StringComparison.Ordinal) is true;
        Assert.Equal(isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, result.MessageType);
        return isText
            ? ((byte)(buffer[0] - '0'), Convert.FromBase64String(Encoding.ASCII.GetString(buffer, 1, result.Count - 1)))
            : (buffer[0], buffer[1..result.Count]);
    }
}
