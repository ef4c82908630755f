using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Hosting;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FaultTolerance.LocalCluster.Tests.Api.Conversion;

/// <summary>
/// A definition of two versions whose webhook converts: what is <c>spec.size</c> in v1 is <c>spec.amount.value</c> in v2.
/// </summary>
public sealed class ConversionTests
{
    private const string One = "/apis/example.com/v1/namespaces/ns/things";
    private const string Two = "/apis/example.com/v2/namespaces/ns/things";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_read_written_listed_and_watched_in_both_versions()
    {
        await using var webhook = await Webhook.StartAsync();
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await InstallAsync(http, webhook);
        using var response = await http.GetAsync(Two + "?watch=true", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var watch = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        var (made, two) = await http.JsonAsync("POST", Two,
            """{"apiVersion":"example.com/v2","kind":"Thing","metadata":{"name":"a"},"spec":{"amount":{"value":3}}}""");
        var (_, one) = await http.JsonAsync("GET", One + "/a");
        var (patched, next) = await http.JsonAsync("PATCH", Two + "/a", """{"spec":{"amount":{"value":4}}}""",
            "application/merge-patch+json");
        var (_, list) = await http.JsonAsync("GET", Two);
        var (_, put) = await http.JsonAsync("PUT", One + "/a",
            """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"size":5}}""");
        var (_, after) = await http.JsonAsync("GET", Two + "/a");

        Assert.Equal((201, 200), (made, patched));
        Assert.Equal(("example.com/v2", 3), (two.Text("apiVersion"), two.Number("spec", "amount", "value")));
        Assert.Equal(("example.com/v1", 3), (one.Text("apiVersion"), one.Number("spec", "size")));
        Assert.Equal((4, 4, 5, 5), (
            next.Number("spec", "amount", "value"), list.Maps("items").Single().Number("spec", "amount", "value"),
                put.Number("spec", "size"), after.Number("spec", "amount", "value")));
        var seen = JsonNode.Parse((await watch.ReadLineAsync(Cancellation))!)!;
        Assert.Equal(("ADDED", "example.com/v2", 3),
            (seen.Text("type"), seen.Text("object", "apiVersion"), seen.Number("object", "spec", "amount", "value")));
    }

    [Fact]
    public async Task Server_side_apply_in_the_version_that_is_not_stored_makes_changes_and_conflicts()
    {
        await using var webhook = await Webhook.StartAsync();
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await InstallAsync(http, webhook);
        const string Type = "application/apply-patch+yaml";
        static string Thing(int value) =>
            $$$"""{"apiVersion":"example.com/v2","kind":"Thing","metadata":{"name":"a"},"spec":{"amount":{"value":{{{value}}} } } }""";

        var (made, _) = await http.JsonAsync("PATCH", Two + "/a?fieldManager=me", Thing(1), Type);
        var (again, same) = await http.JsonAsync("PATCH", Two + "/a?fieldManager=me", Thing(2), Type);
        var (refused, why) = await http.JsonAsync("PATCH", Two + "/a?fieldManager=other", Thing(3), Type);

        Assert.Equal((201, 200, 409), (made, again, refused));
        Assert.Equal(2, same.Number("spec", "amount", "value"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"me\": .spec.amount.value", why.Text("message"));
    }

    [Theory]
    [InlineData("refuse", "conversion webhook for example.com/v1, Kind=Thing failed: not today")]
    [InlineData("rename", "has another name, namespace or uid")]
    [InlineData("drop", "expected 1 converted objects, got 0")]
    [InlineData("500", "status 500")]
    [InlineData("html", "conversion webhook for example.com/v1, Kind=Thing failed: ")]
    public async Task Webhook_that_fails_is_told_and_the_stored_version_still_serves(string mode, string expected)
    {
        await using var webhook = await Webhook.StartAsync();
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await InstallAsync(http, webhook);
        await http.JsonAsync("POST", One, """{"metadata":{"name":"a"},"spec":{"size":1}}""");
        webhook.Mode = mode;

        var (status, answer) = await http.JsonAsync("GET", Two + "/a");

        Assert.Equal((500, "InternalError"), (status, answer.Text("reason")));
        Assert.Contains(expected, answer.Text("message"), StringComparison.Ordinal);
        Assert.Equal(200, (await http.JsonAsync("GET", One + "/a")).Status);
    }

    [Fact]
    public async Task Webhook_behind_a_service_that_is_not_there_is_named_and_a_definition_without_one_refused()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        var (made, _) = await http.JsonAsync(
            "POST",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Definition(
                """{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"service":{"namespace":"ns","name":"hook","path":"/convert"}}}}"""
            )
        );
        await http.JsonAsync("POST", One, """{"metadata":{"name":"a"},"spec":{"size":1}}""");
        var (status, answer) = await http.JsonAsync("GET", Two + "/a");
        await http.JsonAsync("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.example.com");
        var (refused, why) = await http.JsonAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Definition("""{"strategy":"Webhook"}"""));

        Assert.Equal((201, 500, 422), (made, status, refused));
        Assert.Contains("Post \"https://hook.ns.svc/convert\": service \"hook\" not found", answer.Text("message"),
            StringComparison.Ordinal);
        Assert.Contains("spec.conversion.webhook.clientConfig: Required value", why.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_behind_a_service_is_asked_at_a_ready_pod_under_the_services_name()
    {
        await using var webhook = await Webhook.StartAsync("hook.ns.svc");
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync(
            "POST",
            "/api/v1/namespaces/ns/services",
            """{"metadata":{"name":"hook"},"spec":{"ports":[{"name":"https","port":443}]}}"""
        );
        await http.JsonAsync(
            "POST",
            "/api/v1/namespaces/ns/endpoints",
            $$"""{"metadata":{"name":"hook"},"subsets":[{"addresses":[{"ip":"127.0.0.1"}],"ports":[{"name":"https","port":{{new Uri(webhook.Url).Port}} }]}]}"""
        );
        var (made, _) = await http.JsonAsync(
            "POST",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Definition(
                """{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"caBundle":"BUNDLE","service":{"namespace":"ns","name":"hook","path":"/convert"}}}}""".Replace(
                    "BUNDLE",
                    webhook.Bundle,
                    StringComparison.Ordinal
                )
            )
        );
        await http.JsonAsync("POST", One, """{"metadata":{"name":"a"},"spec":{"size":1}}""");

        var (status, answer) = await http.JsonAsync("GET", Two + "/a");

        Assert.True((made, status) == (201, 200), answer.ToJsonString());
        Assert.Equal(1, answer.Number("spec", "amount", "value"));
        Assert.Equal("/convert", webhook.LastPath);
    }

    private static async Task InstallAsync(HttpClient http, Webhook webhook)
    {
        var conversion =
            $$$"""{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"{{{webhook.Url}}}","caBundle":"{{{webhook.Bundle}}}"} } }""";
        var (status, answer) = await http.JsonAsync(
            "POST",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Definition(conversion)
        );
        Assert.True(status == 201, answer.ToJsonString());
    }

    private static string Definition(string conversion) =>
        """
            {"metadata":{"name":"things.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"conversion":CONVERSION,
             "versions":[
              {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"}}}}}}},
              {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":
               {"amount":{"type":"object","properties":{"value":{"type":"integer"}}}}}}}}}]}}
            """.Replace("CONVERSION", conversion, StringComparison.Ordinal);

    private sealed class Webhook : IAsyncDisposable
    {
        private readonly ClusterCertificates _certificates = ClusterCertificates.Create(TimeProvider.System);
        private readonly X509Certificate2? _named;
        private readonly WebApplication _app;

        private Webhook(string? name)
        {
            _named = name is null ? null : SelfSigned(name);
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
                .ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(_named ?? _certificates.Server);
            }));
            _app = builder.Build();
            _app.Run(AnswerAsync);
        }

        public string Mode { get; set; } = "";

        public string? LastPath { get; private set; }

        public string Url => _app.Urls.First() + "/convert";

        public string Bundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(_named?.ExportCertificatePem()
            ?? _certificates.AuthorityPem));

        public static async Task<Webhook> StartAsync(string? name = null)
        {
            var webhook = new Webhook(name);
            await webhook._app.StartAsync(Cancellation);
            return webhook;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _certificates.Dispose();
            _named?.Dispose();
        }

        private static X509Certificate2 SelfSigned(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            var now = TimeProvider.System.GetUtcNow();
            return request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        }

        private async Task AnswerAsync(HttpContext context)
        {
            LastPath = context.Request.Path.Value;
            var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation)).Map("request")!;
            context.Response.StatusCode = Mode == "500" ? 500 : 200;
            var answer = new JsonObject
            {
                ["response"] = new JsonObject
                {
                    ["uid"] = request.Text("uid"),
                    ["result"] = Mode == "refuse"
                        ? new JsonObject { ["status"] = "Failed", ["message"] = "not today" }
                        : new JsonObject { ["status"] = "Success" },
                    ["convertedObjects"] = Mode == "drop" ? []
                        : new JsonArray([.. request.Maps("objects").Select(value => Converted(value, request.Text("desiredAPIVersion")!))]),
                },
            };
            await context.Response.WriteAsync(Mode == "html" ? "<html>" : answer.ToJsonString(), Cancellation);
        }

        private JsonObject Converted(JsonObject value, string version)
        {
            var copy = value.Copy();
            var size = value.Number("spec", "size") ?? value.Number("spec", "amount", "value");
            copy["apiVersion"] = version;
            copy["spec"] = version.EndsWith("v1", StringComparison.Ordinal)
                ? new JsonObject { ["size"] = size }
                : new JsonObject { ["amount"] = new JsonObject { ["value"] = size } };
            if (Mode == "rename")
            {
                copy.Metadata()["name"] = "b";
            }

            return copy;
        }
    }
}
