using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Cluster;

/// <summary>Client certificates that a credential plugin gives, and gives anew.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private const string Versions = """{"kind":"APIGroup","versions":[{"version":"v1"}]}""";
    private readonly ConcurrentQueue<string?> _seen = new();
    private readonly HashSet<string> _refused = [];
    private readonly TaskCompletionSource _streamMayEnd = new();
    private FakeApi _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var made = Make("server");
        // Kestrel needs a key that can be used more than once.
        _api = await FakeApi.StartAsync(X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null));
        _api.Handle = async http =>
        {
            var name = http.Connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            _seen.Enqueue(name);
            return (name is null || _refused.Contains(name))
                && await FakeApi.StatusAsync(http, 401, "Unauthorized", "certificate has expired");
        };
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Certificate_of_a_plugin_is_used()
    {
        using var session = await ConnectAsync(Credential("one"));

        Assert.Equal("one", _seen.Last());
    }

    [Fact]
    public async Task Certificate_that_the_server_refuses_is_replaced_and_the_call_repeated()
    {
        using var session = await ConnectAsync(Credential("one"), Credential("two"));
        _refused.Add("one");

        await session.ServedVersionsAsync("nvidia.com", Cancellation);

        Assert.Equal(["one", "two"], _seen.TakeLast(2));
    }

    [Fact]
    public async Task Certificate_that_is_refused_also_when_new_is_one_line()
    {
        using var session = await ConnectAsync(Credential("one"), Credential("two"));
        _refused.UnionWith(["one", "two"]);

        var error = await Assert.ThrowsAsync<ClusterException>(() => session.ServedVersionsAsync("nvidia.com", Cancellation));

        Assert.Equal("FT0306", error.Code);
        Assert.DoesNotContain("KEY", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_that_has_expired_is_replaced_before_it_is_used()
    {
        using var session = await ConnectAsync(Credential("one", "2001-01-01T00:00:00Z"), Credential("two"));
        _refused.Add("one");
        _seen.Clear();

        await session.ServedVersionsAsync("nvidia.com", Cancellation);

        Assert.DoesNotContain("one", _seen);
    }

    [Fact]
    public async Task Certificate_that_is_given_again_keeps_its_connection()
    {
        var same = Credential("one", "2001-01-01T00:00:00Z");
        using var session = await ConnectAsync(same, same);
        var connections = new ConcurrentQueue<string>();
        _api.Handle = http =>
        {
            connections.Enqueue(http.Connection.Id);
            return FakeApi.JsonAsync(http, Versions);
        };

        await session.ServedVersionsAsync("nvidia.com", Cancellation);
        await session.ServedVersionsAsync("nvidia.com", Cancellation);

        Assert.Single(connections.Distinct());
    }

    [Fact]
    public async Task Certificate_that_is_replaced_leaves_a_stream_of_the_old_one_alone()
    {
        using var session = await ConnectAsync(Credential("one"), Credential("two"));
        var before = _api.Handle;
        _api.Handle = http => http.Request.Path.Value!.EndsWith("/log", StringComparison.Ordinal) ? StreamAsync(http) : before(http);
        await using var log = (await session.OpenLogAsync("pod", "main", previous: false, Cancellation, follow: true))!;
        using var reader = new StreamReader(log);
        Assert.Equal("first", await reader.ReadLineAsync(Cancellation));

        _refused.Add("one");
        await session.ServedVersionsAsync("nvidia.com", Cancellation);
        _streamMayEnd.SetResult();

        Assert.Equal("last", await reader.ReadLineAsync(Cancellation));
        Assert.Equal("two", _seen.Last());
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(200)
        );
    }

    private static string Credential(string name, string? expires = null)
    {
        using var certificate = Make(name);
        return new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject
            {
                ["clientCertificateData"] = certificate.ExportCertificatePem(),
                ["clientKeyData"] = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
                ["expirationTimestamp"] = expires,
            },
        }.ToJsonString();
    }

    private async Task<bool> StreamAsync(HttpContext http)
    {
        await http.Response.WriteAsync("first\n", Cancellation);
        await http.Response.Body.FlushAsync(Cancellation);
        await _streamMayEnd.Task;
        await http.Response.WriteAsync("last\n", Cancellation);
        return true;
    }

    /// <summary>Connects with a plugin that gives the credentials one after the other, and then the last one again and again.</summary>
    private Task<ClusterSession> ConnectAsync(params string[] credentials)
    {
        for (var i = 0; i < credentials.Length; i++)
        {
            _api.Write($"credential.{i + 1}", credentials[i]);
        }

        var plugin = _api.Write("plugin", $"""
            #!/bin/sh
            cd "$(dirname "$0")"
            echo . >>asked
            n=$(wc -l <asked)
            [ "$n" -le {credentials.Length} ] || n={credentials.Length}
            cat "credential.$n"
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var config = _api.Write("certificates", $$"""
            apiVersion: v1
            kind: Config
            current-context: main
            contexts: [{name: main, context: {cluster: c, user: u, namespace: ft} }]
            clusters: [{name: c, cluster: {server: "{{_api.Address}}", insecure-skip-tls-verify: true} }]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "{{plugin}}"} } }]
            """);
        return ClusterSession.ConnectAsync(new ClusterOptions { Kubeconfig = config, Retries = 0 }, TimeProvider.System, Cancellation);
    }
}
