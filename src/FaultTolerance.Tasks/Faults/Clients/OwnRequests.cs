using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.Faults.Clients;

/// <summary>
/// Requests that are a fault: sent beside the load and in none of its books. They end with this process, so there is nothing to undo.
/// </summary>
internal sealed class OwnRequests : IDisposable
{
    private const string Models = "/v1/models";
    private const string Completions = "/v1/chat/completions";
    private readonly HttpClient _client;
    private readonly IClientDoor _door;

    private OwnRequests(IClientDoor door)
    {
        _door = door;
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) => await door.OpenAsync(cancellation),
            UseProxy = false,
            AllowAutoRedirect = false,
        })
        {
            BaseAddress = new Uri("http://frontend"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The model that is asked for.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Opens them, and finds out which model to ask for.</summary>
    /// <exception cref="FaultMatrixException">FT0625: there is no way to a frontend, or it lists no model.</exception>
    public static async Task<OwnRequests> OpenAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var requests = new OwnRequests(context.Options.Door
            ?? throw new FaultMatrixException("FT0625", "there is no way to the frontends that requests of a fault could take"));
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            requests.Model = requests._door.Model ?? await requests.FirstModelAsync(both.Token);
            return requests;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            requests.Dispose();
            throw new FaultMatrixException("FT0625", $"the frontend tells no model to ask for: {ForeignText.Line(e.Message)}", e);
        }
    }

    /// <summary>
    /// Sends a request, and returns its answer once its head is there; null where the connection failed. The caller disposes it.
    /// </summary>
    /// <param name="words">Words of the prompt.</param>
    /// <param name="tokens">Most tokens of the answer.</param>
    /// <param name="stream">Whether the answer comes as a stream.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<HttpResponseMessage?> SendAsync(int words, int tokens, bool stream, CancellationToken cancellation)
    {
        var prompt = new StringBuilder(words * 2);
        for (var i = 0; i < words; i++)
        {
            prompt.Append("a ");
        }

        var body = new JsonObject
        {
            ["model"] = Model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt.ToString() }),
            ["max_tokens"] = tokens,
            ["stream"] = stream,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, Completions)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Whether a status says that the service takes no more.</summary>
    public static bool IsRejection(int status) =>
        status is (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.ServiceUnavailable or 529;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<string> FirstModelAsync(CancellationToken cancellation)
    {
        var listed = JsonNode.Parse(await _client.GetStringAsync(new Uri(Models, UriKind.Relative), cancellation));
        return listed?["data"]?[0]?["id"]?.GetValue<string>() ?? throw new JsonException("it lists none");
    }
}
