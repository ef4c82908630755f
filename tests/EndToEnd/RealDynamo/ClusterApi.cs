using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd.RealDynamo;

/// <summary>The local cluster's API, asked without this project's own client.</summary>
internal sealed partial class ClusterApi : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Goes by a kubeconfig that the local cluster wrote.</summary>
    public ClusterApi(string kubeconfig)
    {
        var text = File.ReadAllText(kubeconfig);
        var authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(Value("certificate-authority-data"))));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        _http = new HttpClient(
            new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } }
        )
        {
            BaseAddress = new Uri(Value("server")),
            Timeout = TimeSpan.FromSeconds(20),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Value("token"));

        string Value(string key) => Line().Matches(text).First(m => m.Groups["key"].Value == key).Groups["value"].Value;
    }

    /// <summary>The items of a list.</summary>
    /// <param name="path">Its path, <c>/api/v1/pods</c>.</param>
    /// <param name="selector">A label selector.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, string selector, CancellationToken cancellation)
    {
        var text = await _http.GetStringAsync($"{path}?labelSelector={Uri.EscapeDataString(selector)}", cancellation);
        return [.. JsonNode.Parse(text)!["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    [GeneratedRegex(@"^\s+(?<key>[a-z-]+): (?<value>\S+)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
