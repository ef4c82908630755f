using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Authentication;
using k8s.KubeConfigModels;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// A credential plugin of a kubeconfig (client.authentication.k8s.io), as AKS, EKS and GKE use them. The client library's own way with
/// them takes any warning on standard error for a failure, parts arguments at their blanks, waits without end, and keeps a token that the
/// server has refused.
/// </summary>
/// <param name="exec">Which program, and how.</param>
/// <param name="cluster">The cluster, for plugins that ask for it.</param>
/// <param name="what">What the credentials are for, in messages.</param>
/// <param name="time">Expiry and the limit.</param>
internal sealed class ExecPlugin(ExternalExecution exec, ClusterEndpoint cluster, string what, TimeProvider time)
    : ITokenProvider,
        IRenewableToken,
        IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _one = new(1, 1);
    private ExecCredential? _current;

    /// <inheritdoc/>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        new("Bearer", (await GetAsync(cancellationToken)).Token ?? throw Error("gave a token before, and now none", null));

    /// <summary>The credential: the last one while it lives, else a new one.</summary>
    /// <exception cref="ClusterException">FT0310: the plugin is not there, fails, says nothing in time, or prints something
    /// else.</exception>
    public async Task<ExecCredential> GetAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_current is null || _current.Expires - Margin <= time.GetUtcNow())
            {
                _current = await RunAsync(cancellation);
            }

            return _current;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Reject(string? token)
    {
        // Of several calls that were refused with one token, the first makes the plugin run again.
        var current = _current;
        if (current?.Token == token)
        {
            Interlocked.CompareExchange(ref _current, null, current);
        }
    }

    /// <summary>Forgets what the server has refused, if it is still the current one.</summary>
    public void Reject(ExecCredential credential) => Interlocked.CompareExchange(ref _current, null, credential);

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<ExecCredential> RunAsync(CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Start() };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            var hint = string.IsNullOrWhiteSpace(exec.InstallHint) ? "" : $"; {ForeignText.Line(exec.InstallHint, 200)}";
            throw Error($"cannot be started ({e.Message}); install it, or correct the path{hint}", e);
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(both.Token);
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, both.Token);
            await process.WaitForExitAsync(both.Token);
            await errors;
            return process.ExitCode == 0
                ? Read(await output)
                : throw Error(
                    $"ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}; run it by itself to see why",
                    null
                );
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            if (cancellation.IsCancellationRequested)
            {
                throw;
            }

            throw Error($"said nothing within {Limit.TotalSeconds:0} s; does it wait for a login?", e);
        }
    }

    private ProcessStartInfo Start()
    {
        var info = new ProcessStartInfo(exec.Command)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in exec.Arguments ?? [])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var variable in exec.EnvironmentVariables ?? [])
        {
            if (variable.TryGetValue("name", out var name) && variable.TryGetValue("value", out var value))
            {
                info.Environment[name] = value;
            }
        }

        info.Environment["KUBERNETES_EXEC_INFO"] = Info().ToJsonString();
        return info;
    }

    // https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
    private JsonObject Info()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (exec.ProvideClusterInfo)
        {
            spec["cluster"] = new JsonObject
            {
                ["server"] = cluster.Server,
                ["tls-server-name"] = cluster.TlsServerName,
                ["insecure-skip-tls-verify"] = cluster.SkipTlsVerify,
                ["certificate-authority-data"] = cluster.CertificateAuthorityData
                    ?? (
                        string.IsNullOrEmpty(cluster.CertificateAuthority)
                            ? null
                            : Convert.ToBase64String(File.ReadAllBytes(cluster.CertificateAuthority))
                    ),
                ["config"] = Extension(),
            };
        }

        return new JsonObject { ["apiVersion"] = exec.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
    }

    private JsonNode? Extension()
    {
        var extension = cluster.Extensions?.FirstOrDefault(e => e.Name == "client.authentication.k8s.io/exec")?.Extension;
        return extension is null ? null : JsonNode.Parse(k8s.KubernetesJson.Serialize(extension));
    }

    // What it printed may hold a token: no message repeats any of it.
    private ExecCredential Read(string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            var root = json.RootElement;
            if (root.GetProperty("apiVersion").GetString() is var version && version != exec.ApiVersion)
            {
                throw Error($"answers in {version}, the kubeconfig asks for {exec.ApiVersion}", null);
            }

            var status = root.GetProperty("status");
            var made = new ExecCredential(
                Text(status, "token"),
                Text(status, "clientCertificateData"),
                Text(status, "clientKeyData"),
                Expiry(status)
            );
            return made.Token is not null || made.HasCertificate
                ? made
                : throw Error("gave neither a token nor a client certificate with its key", null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Error("printed no ExecCredential", null);
        }
    }

    private static DateTimeOffset Expiry(JsonElement status) => Text(status, "expirationTimestamp") is { } text
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : DateTimeOffset.MaxValue;

    private static string? Text(JsonElement holder, string property) =>
        holder.TryGetProperty(property, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private ClusterException Error(string why, Exception? inner) =>
        new("FT0310", $"{what}: its credential plugin '{exec.Command}' {why}", inner);
}

/// <summary>What a plugin gave.</summary>
/// <param name="Token">Bearer token, or null.</param>
/// <param name="Certificate">Client certificate as PEM, or null.</param>
/// <param name="Key">Its key as PEM, or null.</param>
/// <param name="Expires">When it must not be used any more.</param>
internal sealed record ExecCredential(string? Token, string? Certificate, string? Key, DateTimeOffset Expires)
{
    /// <summary>It has a client certificate, whatever else.</summary>
    public bool HasCertificate => Certificate is not null && Key is not null;

    /// <summary>A connection made with the one is as good as one made with the other.</summary>
    public bool SameCertificate(ExecCredential other) => Certificate == other.Certificate && Key == other.Key;

    /// <inheritdoc/>
    public override string ToString() => nameof(ExecCredential);
}

/// <summary>A source of tokens that can give another one for one that the server has refused.</summary>
internal interface IRenewableToken
{
    /// <summary>Forgets the token, if it is still the current one.</summary>
    void Reject(string? token);
}
