using FaultTolerance.Cluster;
using FaultTolerance.Load.Urls;

namespace FaultTolerance.Tests.Cluster;

/// <summary>Servers whose authority the kubeconfig names, and others.</summary>
public sealed class ApiTrustTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_authorityIsNamed_isTrusted()
    {
        using var authority = new TestAuthority();
        await using var api = await FakeApi.StartAsync(authority.Certificate);

        using var session = await ConnectAsync(api, authority.Pem);

        Assert.Equal(api.Address, session.Server.GetLeftPart(UriPartial.Authority));
    }

    [Fact]
    public async Task ConnectAsync_anotherAuthorityIsNamed_isRefusedEachTime()
    {
        using var authority = new TestAuthority();
        using var another = new TestAuthority();
        await using var api = await FakeApi.StartAsync(authority.Certificate);

        var error = await Assert.ThrowsAsync<ClusterException>(() => ConnectAsync(api, another.Pem, retries: 3));

        Assert.Contains("no trusted connection", error.Message, StringComparison.Ordinal);
        Assert.Contains("certificate chain", error.Message, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    private static Task<ClusterSession> ConnectAsync(FakeApi api, string authority, int retries = 0)
    {
        var kubeconfig = File.ReadAllText(api.Kubeconfig).Replace(
            $"server: {api.Address}",
            $"server: {api.Address}\n    certificate-authority: {api.Write("authority.pem", authority)}",
            StringComparison.Ordinal);
        return ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = api.Write("trusting", kubeconfig), Retries = retries }, TimeProvider.System, Cancellation);
    }
}
