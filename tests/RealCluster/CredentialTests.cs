using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using RealCluster.Support;

namespace RealCluster;

/// <summary>Credentials as users have them, against the real API server; the plugins are scripts of the tests.</summary>
public sealed class CredentialTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task ConnectAsync_with_an_exec_plugin_uses_its_token()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.ApplyAsync("rbac.yaml");
        var token = TokenOf(await space.ServiceAccountKubeconfigAsync());

        using var session = await ConnectAsync(
            space,
            $$$"""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"{{{token}}}"}}'"""
        );

        Assert.Empty(await session.ListAsync<JsonObject>(ResourceType.Pods, default, Cancellation));
    }

    [RealClusterFact]
    public async Task ConnectAsync_with_a_plugin_that_prints_nonsense_says_so()
    {
        await using var space = await TestNamespace.CreateAsync();

        var error = await Assert.ThrowsAsync<ClusterException>(() => ConnectAsync(space, "echo hello"));

        Assert.Equal("FT0310", error.Code);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task ConnectAsync_with_a_plugin_that_is_not_there_names_it()
    {
        await using var space = await TestNamespace.CreateAsync();

        var error = await Assert.ThrowsAsync<ClusterException>(() => ConnectAsync(space, null));

        Assert.Equal("FT0310", error.Code);
        Assert.Contains("faultmatrix-no-such-plugin", error.Message, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task ConnectAsync_with_a_token_that_is_not_valid_says_what_to_do_and_shows_no_token()
    {
        await using var space = await TestNamespace.CreateAsync();
        const string Secret = "not-a-token-of-this-cluster";

        var error = await Assert.ThrowsAsync<ClusterException>(() => TestNamespace.ConnectAsync(space.Name, space.WriteKubeconfig(Secret)));

        Assert.Equal("FT0306", error.Code);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task ConnectAsync_with_a_token_that_was_revoked_asks_the_plugin_again()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.ApplyAsync("rbac.yaml");
        var token = TokenOf(await space.ServiceAccountKubeconfigAsync());

        // The first answer is a token that the API server does not know.
        using var session = await ConnectAsync(space, $$$"""
            [ -e "$0.asked" ] && t={{{token}}} || t=none
            : >"$0.asked"
            printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}' "$t"
            """);

        Assert.Empty(await session.ListAsync<JsonObject>(ResourceType.Pods, default, Cancellation));
    }

    [RealClusterFact]
    public async Task ConnectAsync_with_a_certificate_that_is_not_valid_asks_the_plugin_again()
    {
        await using var space = await TestNamespace.CreateAsync();
        var admin = Read(RealClusterFactAttribute.Kubeconfig!)["users"]![0]!["user"]!;
        Assert.SkipWhen(admin["client-certificate-data"] is null, "the cluster's kubeconfig has no client certificate");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var unknown = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(200)
        );
        static string Pem(JsonNode data) => Encoding.ASCII.GetString(Convert.FromBase64String(data.GetValue<string>()));

        // The first answer is a certificate of an authority that the API server does not know.
        using var session = await ConnectAsync(space, $"""
            [ -e "$0.asked" ] || {"{"} : >"$0.asked"; cat <<'EOF'; exit; {"}"}
            {Certificate(unknown.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem())}
            EOF
            cat <<'EOF'
            {Certificate(Pem(admin["client-certificate-data"]!), Pem(admin["client-key-data"]!))}
            EOF
            """);

        Assert.Empty(await session.ListAsync<JsonObject>(ResourceType.Pods, default, Cancellation));
    }

    [RealClusterFact]
    public async Task ConnectAsync_through_a_proxy_of_the_kubeconfig_tunnels_everything()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.ApplyAsync("rbac.yaml");
        await using var proxy = ConnectProxy.Start();
        var direct = await space.ServiceAccountKubeconfigAsync();

        using var session = await TestNamespace.ConnectAsync(space.Name, space.WriteKubeconfig(TokenOf(direct), proxy: proxy.Address));

        Assert.Empty(await session.ListAsync<JsonObject>(ResourceType.Pods, default, Cancellation));
        Assert.True(proxy.Passed > 0);
    }

    private static async Task<ClusterSession> ConnectAsync(TestNamespace space, string? script)
    {
        var folder = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            var plugin = "faultmatrix-no-such-plugin";
            if (script is not null)
            {
                plugin = Path.Combine(folder.FullName, "plugin");
                await File.WriteAllTextAsync(plugin, $"#!/bin/sh\n{script}\n", Cancellation);
                File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var config = Read(space.WriteKubeconfig("replaced"));
            config["users"]![0]!["user"] = new JsonObject
            {
                ["exec"] = new JsonObject
                {
                    ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
                    ["command"] = plugin,
                    ["interactiveMode"] = "Never",
                },
            };
            var file = Path.Combine(folder.FullName, "kubeconfig");
            await File.WriteAllTextAsync(file, config.ToJsonString(), Cancellation);
            return await TestNamespace.ConnectAsync(space.Name, file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Certificate(string certificate, string key) => new JsonObject
    {
        ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
        ["kind"] = "ExecCredential",
        ["status"] = new JsonObject { ["clientCertificateData"] = certificate, ["clientKeyData"] = key },
    }.ToJsonString();

    private static string TokenOf(string kubeconfig) => Read(kubeconfig)["users"]![0]!["user"]!["token"]!.GetValue<string>();

    private static JsonObject Read(string kubeconfig) => Manifest.Parse(kubeconfig, File.ReadAllText(kubeconfig)).Documents.Single().Body;
}
