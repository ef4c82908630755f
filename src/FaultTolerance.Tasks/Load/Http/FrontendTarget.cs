using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

/// <summary>A frontend with what every request to it says again: the request's head, and the log's <c>url</c> and <c>pod</c>.</summary>
internal sealed class FrontendTarget : RequestTarget
{
    /// <summary>Path of the endpoint.</summary>
    public const string Path = "/v1/chat/completions";

    /// <summary>Path of the endpoint for plain completions.</summary>
    public const string CompletionsPath = "/v1/completions";

    /// <summary>Header lines that say what is accepted: without the second, a server may encode its answer.</summary>
    public const string Accept = "Accept: */*\r\nAccept-Encoding: identity\r\n";

    private FrontendTarget(FrontendEndpoint? endpoint, string url, byte[] head)
        : base(url, endpoint?.Pod)
    {
        Endpoint = endpoint;
        Head = head;
    }

    /// <summary>No frontend is ready: the reference suite then asks port 0, with no pod, and fails at once.</summary>
    public static new FrontendTarget None { get; } = new(null, "http://localhost:0/" + Path, []);

    /// <summary>The frontend, or null for <see cref="None"/>.</summary>
    public FrontendEndpoint? Endpoint { get; }

    /// <summary>Request line and headers up to the value of Content-Length.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>The pod went away: connections to it are not kept.</summary>
    public bool Dropped { get; set; }

    /// <summary>
    /// The target of an endpoint. The log's URL has the reference suite's double slash; the wire does not, since its HTTP library
    /// takes a leading double slash off the path.
    /// </summary>
    /// <param name="endpoint">The frontend.</param>
    /// <param name="api">What it is asked for.</param>
    public static FrontendTarget For(FrontendEndpoint endpoint, Api api = Api.Chat)
    {
        var path = PathOf(api);
        var address = endpoint.BaseAddress;
        var prefix = address.AbsolutePath.TrimEnd('/');
        var head = $"POST {prefix}{path} HTTP/1.1\r\nHost: {address.Authority}\r\n{Accept}Connection: keep-alive\r\n"
            + "Content-Type: application/json\r\n";
        var url = $"{address.GetLeftPart(UriPartial.Authority)}{prefix}/{path}";
        var headers = endpoint.Headers.Lines.Span;
        return new(endpoint, url, headers.IsEmpty ? Encoding.ASCII.GetBytes(head + Length)
            : [.. Encoding.ASCII.GetBytes(head), .. headers, .. Encoding.ASCII.GetBytes(Length)]);
    }

    /// <summary>The path of what is asked for.</summary>
    public static string PathOf(Api api) => api == Api.Completions ? CompletionsPath : Path;

    private const string Length = "Content-Length: ";
}
