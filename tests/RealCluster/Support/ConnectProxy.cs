using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RealCluster.Support;

/// <summary>An HTTP proxy on loopback that knows CONNECT alone, as companies have one before their clusters.</summary>
internal sealed class ConnectProxy : LoopbackProxy
{
    private ConnectProxy() => Listen();

    public static ConnectProxy Start() => new();

    /// <inheritdoc/>
    protected override async Task ServeAsync(NetworkStream near, CancellationToken cancellation)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await near.ReadExactlyAsync(one, cancellation);
            head.Append((char)one[0]);
        }

        var target = head.ToString().Split(' ')[1].Split(':');
        using var far = new TcpClient();
        await far.ConnectAsync(target[0], int.Parse(target[1], CultureInfo.InvariantCulture), cancellation);
        await near.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellation);
        await CarryAsync(near, far.GetStream(), cancellation);
    }
}
