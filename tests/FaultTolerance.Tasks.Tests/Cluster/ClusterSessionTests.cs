using FaultTolerance.Cluster;

namespace FaultTolerance.Tests.Cluster;

public sealed class ClusterSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_to_a_server_that_answers_gives_version_and_namespace()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        Assert.Equal("v1.99.0", session.ServerVersion);
        Assert.Equal("ft", session.Namespace);
    }

    [Fact]
    public async Task Connect_without_file_says_where_it_looked()
    {
        var e = await ConnectFails(new ClusterOptions { Kubeconfig = "/nowhere/config" });
        Assert.Equal("FT0302", e.Code);
        Assert.Contains("/nowhere/config", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_with_broken_yaml_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        var e = await ConnectFails(new ClusterOptions { Kubeconfig = api.Write("bad", "a: [1\nb: {") });
        Assert.Equal("FT0318", e.Code);
    }

    [Fact]
    public async Task Connect_with_unknown_context_names_the_nearest()
    {
        await using var api = await FakeApi.StartAsync();
        var e = await ConnectFails(new ClusterOptions { Kubeconfig = api.Kubeconfig, Context = "mian" });
        Assert.Equal("FT0316", e.Code);
        Assert.Contains("'main'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_where_nobody_listens_is_one_line()
    {
        string kubeconfig;
        await using (var api = await FakeApi.StartAsync())
        {
            kubeconfig = await File.ReadAllTextAsync(api.Kubeconfig, Cancellation);
        }

        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, kubeconfig, Cancellation);
        try
        {
            var e = await ConnectFails(new ClusterOptions { Kubeconfig = path, Retries = 0 });
            Assert.Equal("FT0304", e.Code);
            Assert.DoesNotContain('\n', e.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Connect_to_unknown_namespace_names_it()
    {
        await using var api = await FakeApi.StartAsync();
        var e = await ConnectFails(new ClusterOptions { Kubeconfig = api.Kubeconfig, Namespace = "nope" });
        Assert.Equal("FT0308", e.Code);
        Assert.Contains("'nope'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_with_refused_credentials_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = http => FakeApi.StatusAsync(http, 401, "Unauthorized", "Unauthorized");
        var e = await ConnectFails(new ClusterOptions { Kubeconfig = api.Kubeconfig });
        Assert.Equal("FT0306", e.Code);
    }

    [Fact]
    public async Task Refusal_names_verb_resource_and_namespace()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.StatusAsync(http, 403, "Forbidden", "pods is forbidden: User x cannot list resource pods");
        var e = await Assert.ThrowsAsync<ClusterException>(() =>
            session.ListAsync<k8s.Models.V1Pod>(ResourceType.Pods, default, Cancellation)
        );
        Assert.Equal("FT0307", e.Code);
        Assert.Contains("list pods in namespace 'ft'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_refusal_is_no_matter_of_permissions()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.StatusAsync(http, 403, "Forbidden", "exceeded quota: gpus, requested: 1, used: 4, limited: 4");
        var e = await Assert.ThrowsAsync<ClusterException>(() =>
            session.CreateAsync(
                ResourceType.Services,
                new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "a" } },
                Cancellation
            )
        );
        Assert.Equal("FT0309", e.Code);
        Assert.Contains("exceeded quota", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_permissions_are_named_all_at_once()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var asked = await reader.ReadToEndAsync(http.RequestAborted);
            var allowed =
                !asked.Contains("\"portforward\"", StringComparison.Ordinal) && !asked.Contains("\"delete\"", StringComparison.Ordinal);
            return await FakeApi.JsonAsync(http, $$$"""{"status":{"allowed":{{{(allowed ? "true" : "false")}}} }}""", 201);
        };
        var e = await Assert.ThrowsAsync<ClusterException>(() => session.RequireAsync(Permission.ForRuns, Cancellation));
        Assert.Equal("FT0311", e.Code);
        Assert.Contains("delete pods", e.Message, StringComparison.Ordinal);
        Assert.Contains("create pods/portforward", e.Message, StringComparison.Ordinal);
        Assert.Contains("'ft'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("list pods", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Get_is_repeated_after_a_passing_error(int status)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        var calls = 0;
        api.Handle = http =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                http.Response.Headers.RetryAfter = "0";
                return FakeApi.StatusAsync(http, status, "x", "later");
            }

            return FakeApi.JsonAsync(http, """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","uid":"1"}}""");
        };
        var pod = await session.FindAsync<k8s.Models.V1Pod>(ResourceType.Pods, "a", Cancellation);
        Assert.Equal("a", pod?.Metadata.Name);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Create_is_not_repeated_after_500()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        var calls = 0;
        api.Handle = http =>
        {
            Interlocked.Increment(ref calls);
            return FakeApi.StatusAsync(http, 500, "InternalError", "who knows");
        };
        var e = await Assert.ThrowsAsync<ClusterException>(() =>
            session.CreateAsync(
                ResourceType.Services,
                new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "a" } },
                Cancellation
            )
        );
        Assert.True(e.IsTransient);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Delete_of_what_is_gone_or_another_is_false()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        Assert.False(await session.DeleteAsync(ResourceType.Pods, "a", default, Cancellation));
        api.Handle = http => FakeApi.StatusAsync(http, 409, "Conflict", "uid mismatch");
        Assert.False(await session.DeleteAsync(ResourceType.Pods, "a", new Deletion(0, "other"), Cancellation));
    }

    private static Task<ClusterException> ConnectFails(ClusterOptions options) =>
        Assert.ThrowsAsync<ClusterException>(() => ClusterSession.ConnectAsync(options, TimeProvider.System, Cancellation));
}
