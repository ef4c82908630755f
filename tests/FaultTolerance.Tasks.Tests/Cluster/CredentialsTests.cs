using System.Collections.Concurrent;
using System.Runtime.Versioning;
using FaultTolerance.Cluster;

namespace FaultTolerance.Tests.Cluster;

/// <summary>Credentials of a kubeconfig as users have them: plugins, token files, several files, proxies.</summary>
[SupportedOSPlatform("linux")]
public sealed class CredentialsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _tokens = new();
    private FakeApi _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApi.StartAsync();
        _api.Handle = http =>
        {
            _tokens.Enqueue(http.Request.Headers.Authorization.ToString());
            return Task.FromResult(false);
        };
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Plugin_that_warns_on_standard_error_is_used()
    {
        using var session = await ConnectAsync(Plugin("""echo 'a newer version is available' >&2; answer one"""));

        Assert.Equal("Bearer one", _tokens.Last());
    }

    [Fact]
    public async Task Plugin_gets_its_arguments_and_variables_as_they_stand()
    {
        using var session = await ConnectAsync(
            Plugin("""answer "$1-$NAME" """, "args: ['two words']\n      env: [{name: NAME, value: 'a b'}]")
        );

        Assert.Equal("Bearer two words-a b", _tokens.Last());
    }

    [Fact]
    public async Task Plugin_that_wants_the_cluster_is_told_it()
    {
        using var session = await ConnectAsync(
            Plugin("""printf '%s' "$KUBERNETES_EXEC_INFO" >"${0%/*}/info"; answer one""", "provideClusterInfo: true")
        );

        var info = await File.ReadAllTextAsync(Path.Combine(_api.Folder, "info"), Cancellation);
        Assert.Contains(_api.Address, info, StringComparison.Ordinal);
        Assert.Contains("\"interactive\":false", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_of_a_relative_path_is_found_beside_the_kubeconfig()
    {
        Plugin("answer one");
        using var session = await ConnectAsync(Config("exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}"));

        Assert.Equal("Bearer one", _tokens.Last());
    }

    [Fact]
    public async Task Plugin_is_asked_once_while_its_token_lives()
    {
        using var session = await ConnectAsync(
            Plugin("""echo . >>"${0%/*}/count"; answer one '"expirationTimestamp":"2999-01-01T00:00:00Z"'""")
        );
        await session.ServedVersionsAsync("nvidia.com", Cancellation);

        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_api.Folder, "count"), Cancellation));
    }

    [Fact]
    public async Task Token_that_has_expired_is_replaced()
    {
        using var session = await ConnectAsync(
            Plugin("""echo . >>"${0%/*}/count"; answer $(wc -l <"${0%/*}/count") '"expirationTimestamp":"2001-01-01T00:00:00Z"'""")
        );
        var before = _tokens.Last();
        await session.ServedVersionsAsync("nvidia.com", Cancellation);

        Assert.NotEqual(before, _tokens.Last());
    }

    [Fact]
    public async Task Token_that_the_server_refuses_is_replaced_and_the_call_repeated()
    {
        using var session = await ConnectAsync(Plugin("""echo . >>"${0%/*}/count"; answer $(wc -l <"${0%/*}/count")"""));
        _api.Handle = http => http.Request.Headers.Authorization == "Bearer 1"
            ? FakeApi.StatusAsync(http, 401, "Unauthorized", "token revoked")
            : FakeApi.JsonAsync(http, """{"kind":"APIGroup","versions":[{"version":"v1"}]}""");

        Assert.Equal(["v1"], await session.ServedVersionsAsync("nvidia.com", Cancellation));
    }

    [Fact]
    public async Task Token_that_is_refused_also_when_new_is_one_line_without_the_token()
    {
        using var session = await ConnectAsync(Plugin("answer very-secret"));
        _api.Handle = http => FakeApi.StatusAsync(http, 401, "Unauthorized", "Unauthorized");

        var error = await Assert.ThrowsAsync<ClusterException>(() => session.ServedVersionsAsync("nvidia.com", Cancellation));

        Assert.Equal("FT0306", error.Code);
        Assert.DoesNotContain("very-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo hello very-secret", "printed no ExecCredential")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","status":{"user":"very-secret"}}'""", "neither a token")]
    [InlineData(
        """echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"very-secret"}}'""",
        "the kubeconfig asks for client.authentication.k8s.io/v1"
    )]
    [InlineData("echo very-secret; echo 'very-secret' >&2; exit 7", "exit code 7; run it by itself")]
    public async Task Plugin_that_gives_nothing_useful_is_one_line_without_its_output(string script, string why)
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => ConnectAsync(Plugin(script)));

        Assert.Equal("FT0310", error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Plugin_that_is_missing_is_named_with_its_install_hint()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            ConnectAsync(
                Config(
                    "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin-anywhere, installHint: see the vendor's page}"
                )
            )
        );

        Assert.Equal("FT0310", error.Code);
        Assert.Contains("'no-such-plugin-anywhere'", error.Message, StringComparison.Ordinal);
        Assert.Contains("see the vendor's page", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_that_waits_for_input_finds_none()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            ConnectAsync(Plugin("read -r name || { echo 'no terminal' >&2; exit 41; }; answer one"))
        );

        Assert.Contains("exit code 41", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_file_is_read_again_when_its_token_is_refused()
    {
        var file = _api.Write("token", "old\n");
        using var session = await ConnectAsync(Config("tokenFile: token"));
        Assert.Equal("Bearer old", _tokens.Last());
        await File.WriteAllTextAsync(file, "new\n", Cancellation);
        _api.Handle = http => http.Request.Headers.Authorization == "Bearer old"
            ? FakeApi.StatusAsync(http, 401, "Unauthorized", "expired")
            : FakeApi.JsonAsync(http, """{"kind":"APIGroup","versions":[{"version":"v1"}]}""");

        Assert.Equal(["v1"], await session.ServedVersionsAsync("nvidia.com", Cancellation));
    }

    [Fact]
    public async Task Token_file_that_is_missing_is_named()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => ConnectAsync(Config("tokenFile: nowhere")));

        Assert.Equal("FT0310", error.Code);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_provider_of_old_is_refused_with_the_way_out()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            ConnectAsync(Config("auth-provider: {name: gcp, config: {access-token: very-secret, cmd-path: x}}"))
        );

        Assert.Equal("FT0310", error.Code);
        Assert.Contains("exec plugin", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_of_the_kubeconfig_is_what_is_connected_to()
    {
        // A proxy gets the whole address in the request line; the API behind it is one that nobody can reach.
        var config = Config("token: abc").Replace(_api.Address, "http://api.invalid:6443", StringComparison.Ordinal)
            .Replace("cluster:\n    server", $"cluster:\n    proxy-url: {_api.Address}\n    server", StringComparison.Ordinal);

        using var session = await ConnectAsync(config);

        Assert.Equal("v1.99.0", session.ServerVersion);
    }

    [Fact]
    public async Task Several_files_are_one_and_the_first_that_names_something_wins()
    {
        Directory.CreateDirectory(Path.Combine(_api.Folder, "sub"));
        _api.Write("sub/token", "from-second");
        var first = _api.Write("first", """
            contexts: [{name: main, context: {cluster: c, user: u, namespace: ft}}]
            users: [{name: other, user: {token: unused}}]
            """
        );
        var second = _api.Write(
            "sub/second",
            Config("tokenFile: token").Replace("namespace: ft", "namespace: overruled", StringComparison.Ordinal)
        );

        var config = await FaultTolerance.Cluster.Api.KubeconfigFile.ReadAsync([first, second], Cancellation);

        Assert.Equal("main", config.CurrentContext);
        Assert.Equal("ft", config.Contexts["main"].ContextDetails.Namespace);
        Assert.Equal(Path.Combine(_api.Folder, "sub", "token"), config.TokenFileOf("main"));
        Assert.Equal(_api.Address, config.ClusterOf("main")!.Server);
    }

    [Fact]
    public async Task List_of_files_is_taken_as_KUBECONFIG_holds_it_and_missing_ones_are_passed_over()
    {
        var first = _api.Write("first", "contexts: [{name: main, context: {cluster: c, user: u, namespace: ft}}]");
        var second = _api.Write("second", Config("token: abc"));

        using var session = await ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = $"{first}:/nowhere/config:{second}", Retries = 0 }, TimeProvider.System, Cancellation);

        Assert.Equal("Bearer abc", _tokens.Last());
    }

    private Task<ClusterSession> ConnectAsync(string config) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = _api.Write("config", config), Retries = 0 },
            TimeProvider.System,
            Cancellation
        );

    /// <summary>
    /// A kubeconfig with a plugin that runs <paramref name="script"/>, where <c>answer TOKEN [MORE]</c> prints a credential.
    /// </summary>
    private string Plugin(string script, string more = "")
    {
        var plugin = _api.Write("plugin", $$$"""
            #!/bin/sh
            answer() { printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"%s}}' "$1" "${2:+,$2}"; }
            {{{script}}}
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Config($"exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: {plugin}\n      {more}");
    }

    private string Config(string user) => $"""
        apiVersion: v1
        kind: Config
        current-context: main
        contexts:
        - name: main
          context: {"{"}cluster: c, user: u, namespace: ft{"}"}
        clusters:
        - name: c
          cluster:
            server: {_api.Address}
        users:
        - name: u
          user:
            {user}
        """;
}
