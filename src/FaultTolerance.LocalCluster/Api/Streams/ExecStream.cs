using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>
/// A command's streams over a WebSocket: channel 0 is its input, 1 its output, 2 its errors, 3 its end as a Status, 4 the
/// terminal's size. In v5, channel 255 closes the channel that its second byte names. Before v4, channel 3 holds a text, and only of a
/// failure; a client that names no protocol gets v4, in bytes.
/// </summary>
/// <param name="runtime">Runs the command.</param>
/// <param name="time">Bounds how long output that outlives the command is waited for.</param>
internal sealed class ExecStream(IPodRuntime runtime, TimeProvider time)
{
    private const string V4 = "v4.channel.k8s.io";
    private const string V5 = "v5.channel.k8s.io";
    private const string V4Text = "v4.base64.channel.k8s.io";
    private const string V1 = "channel.k8s.io";
    private const string V1Text = "base64.channel.k8s.io";
    private const int BufferBytes = 32 * 1024;
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary>Serves one command. What the runtime refuses is answered before the upgrade.</summary>
    public Task ServeAsync(HttpContext context, string @namespace, string pod, CancellationToken stopping)
    {
        var command = context.Request.Query["command"].Select(word => word ?? "").ToArray();
        return command.Length == 0
            ? throw StoreErrors.BadRequest("you must specify at least 1 command for the container")
            : ServeAsync(context, "exec", (container, stdin, tty, end) =>
                runtime.ExecAsync(@namespace, pod, container, command, stdin, tty, end), stopping);
    }

    /// <summary>Serves a container's own output.</summary>
    public Task AttachAsync(HttpContext context, string @namespace, string pod, CancellationToken stopping) => ServeAsync(
        context, "attach", (container, stdin, _, end) =>
            Task.FromResult(AttachedLog.Start(runtime, @namespace, pod, container, stdin, end)), stopping);

    private async Task ServeAsync(
        HttpContext context, string what, Func<string?, bool, bool, CancellationToken, Task<IExecSession>> start,
        CancellationToken stopping)
    {
        var protocol = ChannelSocket.Negotiate(context, what, V5, V4, V4Text, V1, V1Text);
        var query = context.Request.Query;
        var (stdin, tty) = (query.Flag("stdin"), query.Flag("tty"));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        IExecSession started;
        try
        {
            started = await start(query.Text("container"), stdin, tty, end.Token);
        }
        catch (ExecStartException e)
        {
            // Kubernetes asks the container's runtime only after the upgrade.
            using var refused = await ChannelSocket.AcceptAsync(context, protocol);
            await EndAsync(refused, StatusObject.Failure(new StoreException(500, "InternalError", e.Message)), end.Token);
            await refused.CloseAsync(Task.CompletedTask, time);
            return;
        }

        await using var session = started;
        using var socket = await ChannelSocket.AcceptAsync(context, protocol);
        var receiving = ReceiveAsync(socket, session, end);
        try
        {
            // An empty message tells the client that the streams are there.
            await socket.SendAsync(new byte[] { 1 }, end.Token);
            await RunAsync(socket, session, query.Flag("stdout"), query.Flag("stderr") && !tty, end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left or the server stops; the session ends the command.
        }

        await socket.CloseAsync(receiving, time);
        await end.CancelAsync();
        await receiving;
    }

    private async Task RunAsync(ChannelSocket socket, IExecSession session, bool stdout, bool stderr, CancellationToken cancellation)
    {
        using var draining = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pumps = Task.WhenAll(
            PumpAsync(socket, session.Output, stdout ? (byte)1 : null, draining.Token),
            PumpAsync(socket, session.Error, stderr ? (byte)2 : null, draining.Token));
        var code = await session.WaitAsync(cancellation);
        try
        {
            // A child that outlives the command may hold its output open for ever.
            await pumps.WaitAsync(Drain, time, cancellation);
        }
        catch (TimeoutException)
        {
            await draining.CancelAsync();
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await EndAsync(socket, StatusObject.Exit(code), cancellation);
    }

    private static async Task EndAsync(ChannelSocket socket, JsonObject status, CancellationToken cancellation)
    {
        if (socket.Protocol is not (V1 or V1Text))
        {
            await socket.SendAsync((byte[])[3, .. status.ToUtf8Bytes()], cancellation);
        }
        else if (status.Text("status") != "Success")
        {
            await socket.SendAsync((byte[])[3, .. Encoding.UTF8.GetBytes(status.Text("message") ?? "")], cancellation);
        }
    }

    private static async Task PumpAsync(ChannelSocket socket, Stream source, byte? channel, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        if (channel is { } wanted)
        {
            await socket.PumpAsync(source, wanted, buffer, cancellation);
            return;
        }

        while (await source.ReadAsync(buffer, cancellation) > 0)
        {
            // Not asked for, but the command must not block on it.
        }
    }

    private static async Task ReceiveAsync(ChannelSocket socket, IExecSession session, CancellationTokenSource end)
    {
        var open = session.Input is not null;
        try
        {
            await socket.ReceiveAsync(
                new byte[BufferBytes],
                async (channel, piece) =>
                {
                    if (channel == 0 && open && piece.Length > 0)
                    {
                        await session.Input!.WriteAsync(piece, end.Token);
                        await session.Input.FlushAsync(end.Token);
                    }
                    else if (channel == 255 && open && socket.Protocol == V5 && piece.Length > 0 && piece.Span[0] == 0)
                    {
                        open = false;
                        await session.Input!.DisposeAsync();
                    }
                },
                end.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The command no longer reads, or all is over: what follows has nobody to read it.
            return;
        }

        // The client closed: a command that it no longer watches is ended.
        await end.CancelAsync();
    }
}
