using FaultTolerance.Load.Http;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

public sealed class UrlCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-url-").FullName;

    public static TheoryData<bool, bool> Ways => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Asking_the_service_gives_the_model_that_it_lists(bool tls, bool http2)
    {
        await using var service = await TlsService.StartAsync(http2, tls);

        Assert.Equal("tiny", await AskAsync(service, http2));
        Assert.All(service.Asked, asked => Assert.Equal(http2 ? "HTTP/2" : "HTTP/1.1", asked.Protocol));
        Assert.Contains(service.Asked, asked => asked.Path == $"{TlsService.Prefix}/v1/chat/completions");
    }

    [Fact]
    public async Task Completions_are_asked_with_a_prompt()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        Assert.Equal("tiny", await AskAsync(service, false, api: Api.Completions));
        Assert.Contains(service.Asked, asked => asked.Path.EndsWith("/v1/completions", StringComparison.Ordinal)
            && asked.Body.Contains("\"prompt\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wrong_key_is_told_without_the_key(bool http2)
    {
        await using var service = await TlsService.StartAsync(http2);

        var error = await RefusedAsync(service, http2, key: "an0therKey42");

        Assert.Equal("FT0514", error.Code);
        Assert.DoesNotContain("an0therKey42", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unknown_authority_is_told_with_the_way_out(bool http2)
    {
        await using var service = await TlsService.StartAsync(http2);
        using var other = new TestAuthority();

        var error = await RefusedAsync(service, http2, pem: other.Pem);

        Assert.Equal("FT0512", error.Code);
        Assert.Contains("--ca-file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task System_authorities_do_not_know_the_tests_own()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        Assert.Equal("FT0512", (await RefusedAsync(service, false, pem: "")).Code);
    }

    [Fact]
    public async Task Path_that_is_not_there_is_told()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        var error = await RefusedAsync(service, false, url: service.Url + "/elsewhere", model: "tiny");

        Assert.Equal("FT0515", error.Code);
        Assert.Contains("/team/llm/elsewhere/v1/chat/completions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_is_told_with_where_it_leads()
    {
        await using var service = await TlsService.StartAsync(http2: false);
        service.Instead = context =>
        {
            context.Response.StatusCode = 308;
            context.Response.Headers.Location = "https://other.example/v1";
            return Task.FromResult(true);
        };

        var error = await RefusedAsync(service, false, model: "tiny");

        Assert.Equal("FT0516", error.Code);
        Assert.Contains("https://other.example/v1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>hello</html>", "text/html", "page")]
    [InlineData("hello", "text/plain", "no JSON")]
    [InlineData("{\"hello\": 1}", "application/json", "without choices")]
    public async Task Answer_that_is_no_completion_is_told(string body, string type, string told)
    {
        await using var service = await TlsService.StartAsync(http2: false);
        service.Instead = async context =>
        {
            await TlsService.SayAsync(context, 200, body, type);
            return true;
        };

        var error = await RefusedAsync(service, false, model: "tiny");

        Assert.Equal("FT0517", error.Code);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_the_service_does_not_have_is_told()
    {
        await using var service = await TlsService.StartAsync(http2: false);
        service.Instead = async context =>
        {
            await TlsService.SayAsync(context, 404, """{"error": {"message": "the model `x` does not exist", "code": 404}}""");
            return true;
        };

        Assert.Equal("FT0518", (await RefusedAsync(service, false, model: "x")).Code);
    }

    [Fact]
    public async Task Host_that_refuses_is_told()
    {
        var service = await TlsService.StartAsync(http2: false);
        await service.DisposeAsync();

        Assert.Equal("FT0511", (await RefusedAsync(service, false)).Code);
    }

    [Fact]
    public async Task Name_that_nobody_has_is_told()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        Assert.Equal("FT0511", (await RefusedAsync(service, false, url: "https://no-such-host.invalid")).Code);
    }

    [Fact]
    public async Task Plain_port_asked_with_tls_is_told()
    {
        await using var service = await TlsService.StartAsync(http2: false, tls: false);

        var error = await RefusedAsync(service, false, url: service.Url.Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal("FT0513", error.Code);
    }

    [Fact]
    public async Task Tls_port_asked_without_is_told()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        var error = await RefusedAsync(service, false, url: service.Url.Replace("https:", "http:", StringComparison.Ordinal));

        Assert.Equal("FT0513", error.Code);
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_without_http2_is_told()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        Assert.Equal("FT0513", (await RefusedAsync(service, true)).Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<FaultMatrixException> RefusedAsync(
        TlsService service, bool http2, string? url = null, string? key = null, string? pem = null, string? model = null)
    {
        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => AskAsync(service, http2, url, key, pem, model));
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain(TlsService.Key, error.Message, StringComparison.Ordinal);
        return error;
    }

    private async Task<string> AskAsync(
        TlsService service, bool http2, string? url = null, string? key = null, string? pem = null, string? model = null,
        Api api = Api.Chat)
    {
        var file = Path.Combine(_folder, "ca.pem");
        await File.WriteAllTextAsync(file, pem ?? service.AuthorityPem, TestContext.Current.CancellationToken);
        var target = UrlTarget.Parse(url ?? service.Url, out _)! with { Http2 = http2, CaFile = pem == "" ? null : file };
        var headers = RequestHeaders.Of([("Authorization", $"Bearer {key ?? TlsService.Key}")]);
        await using var transport = new UrlTransport(target, headers);
        return await UrlCheck.AnsweringModelAsync(transport, api, model, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
