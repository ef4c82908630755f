using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Proxy;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Conversion;

/// <summary>Asks the webhook that a definition names to convert its objects from one version into another.</summary>
/// <param name="store">Holds the Services at which webhooks are.</param>
/// <param name="time">Bounds the answer.</param>
internal sealed class ConversionWebhook(IObjectStore store, TimeProvider time)
{
    private const long LargestAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The objects in another version, in their order.</summary>
    /// <param name="from">The version that they are in.</param>
    /// <param name="to">The version that they are to be in.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreException">500: there is no webhook, it does not answer, or it refuses.</exception>
    public async Task<IReadOnlyList<JsonObject>> ConvertAsync(Resource from, Resource to, IReadOnlyList<JsonObject> objects,
        CancellationToken cancellation)
    {
        if (objects.Count == 0)
        {
            return [];
        }

        var uid = Guid.NewGuid().ToString();
        var review = new JsonObject
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["request"] = new JsonObject
            {
                ["uid"] = uid,
                ["desiredAPIVersion"] = to.ApiVersion,
                ["objects"] = new JsonArray([.. objects.Select(value => (JsonNode)from.Present(value.Copy()))]),
            },
        };
        try
        {
            using var limit = new CancellationTokenSource(Longest, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            return Read(await PostAsync(to.Conversion.Map("webhook", "clientConfig"), review, both.Token), uid, objects, to);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or FormatException or SocketException
            or CryptographicException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            var why = e is OperationCanceledException ? $"no answer within {Longest.TotalSeconds:0} s" : e.Message;
            throw new StoreException(500, "InternalError", $"conversion webhook for {from.ApiVersion}, Kind={from.Kind} failed: {why}");
        }
    }

    private async Task<JsonNode?> PostAsync(JsonObject? config, JsonObject review, CancellationToken cancellation)
    {
        var (address, dial) = Place(config);
        var pem = Encoding.ASCII.GetString(Convert.FromBase64String(config.Text("caBundle") ?? ""));
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        if (authorities.Count > 0)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authorities) };
        }

        handler.ConnectCallback = async (context, token) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await (dial is null ? socket.ConnectAsync(context.DnsEndPoint, token) : socket.ConnectAsync(dial, token));
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = LargestAnswer, Timeout = Timeout.InfiniteTimeSpan };
        using var content = new ByteArrayContent(review.ToUtf8Bytes());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.PostAsync(address, content, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)
            : throw new HttpRequestException($"Post \"{address}\": status {(int)response.StatusCode}");
    }

    // A Service's name is the webhook's in its certificate; the connection goes to a ready pod behind it.
    private (Uri Address, IPEndPoint? Dial) Place(JsonObject? config)
    {
        if (config.Text("url") is { Length: > 0 } url)
        {
            return (new Uri(url), null);
        }

        var (@namespace, name) = (config.Text("service", "namespace") ?? "", config.Text("service", "name") ?? "");
        var port = config.Number("service", "port") ?? 443;
        var address = new Uri($"https://{name}.{@namespace}.svc:{port}/{config.Text("service", "path")?.TrimStart('/')}");
        var id = new Storage.ResourceId(Controllers.Resources.Services, @namespace, name);
        var service = store.Get(id) ?? throw new HttpRequestException($"Post \"{address}\": service \"{name}\" not found");
        return ServiceTargets.Of(service, store.Get(id with { Type = Controllers.Resources.Endpoints }))
            .FirstOrDefault(entry => entry.Port == port).Targets is [var first, ..]
            ? (address, first)
            : throw new HttpRequestException($"Post \"{address}\": no endpoints available for service \"{name}\"");
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static List<JsonObject> Read(JsonNode? review, string uid, IReadOnlyList<JsonObject> objects, Resource to)
    {
        var response = review.Map("response") ?? throw new FormatException("the answer holds no response");
        if (response.Text("uid") != uid)
        {
            throw new FormatException("the answer is to another request");
        }

        if (response.Text("result", "status") != "Success")
        {
            throw new FormatException(response.Text("result", "message") ?? "it gave no reason");
        }

        var converted = response.Maps("convertedObjects").ToList();
        if (converted.Count != objects.Count)
        {
            throw new FormatException($"expected {objects.Count} converted objects, got {converted.Count}");
        }

        for (var i = 0; i < objects.Count; i++)
        {
            if (converted[i].Text("apiVersion") != to.ApiVersion || converted[i].Text("kind") != to.Kind
                || (converted[i].Name(), converted[i].Namespace(), converted[i].Uid()) != (objects[i].Name(), objects[i].Namespace(),
                    objects[i].Uid()))
            {
                throw new FormatException(
                    $"converted object {i} is not of {to.ApiVersion}, Kind={to.Kind}, or has another name, namespace or uid");
            }
        }

        return [.. converted.Select(value => value.Copy())];
    }
}
