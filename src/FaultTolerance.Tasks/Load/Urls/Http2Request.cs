using System.Net;
using System.Text;

namespace FaultTolerance.Load.Urls;

/// <summary>A request as the load writes it, for a handler of .NET's.</summary>
internal static class Http2Request
{
    // Of the connection, which HTTP/2 has no words for, or the handler's own.
    private static readonly string[] OfConnection = ["Connection", "Host", "Content-Length", "Content-Type"];

    /// <summary>Takes a request apart: its line, its headers, its body.</summary>
    /// <param name="request">The bytes, whole.</param>
    /// <param name="origin">Scheme, host and port.</param>
    public static HttpRequestMessage Of(ReadOnlySpan<byte> request, Uri origin)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(request[..end]).Split("\r\n");
        var words = lines[0].Split(' ');
        var message = new HttpRequestMessage(new HttpMethod(words[0]), new Uri(origin, words[1]))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var body = request[(end + 4)..];
        if (!body.IsEmpty)
        {
            message.Content = new ByteArrayContent(body.ToArray());
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (!OfConnection.Contains(line[..colon], StringComparer.OrdinalIgnoreCase))
            {
                message.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 2)..]);
            }
        }

        return message;
    }
}
