using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

public class AccessTests
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/ns";
    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string Role =
        """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods","*/log"],"verbs":["get","list"]},{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["one"],"verbs":["*"]}]}""";
    private const string Binding =
        """{"metadata":{"name":"b"},"subjects":[{"kind":"ServiceAccount","name":"sa"}],"roleRef":{"kind":"Role","name":"r"}}""";

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/ns/pods", 200)]
    [InlineData("GET", "/api/v1/namespaces/ns/configmaps/one", 404)]
    [InlineData("GET", "/api/v1/namespaces/ns/configmaps/two", 403)]
    [InlineData("GET", "/api/v1/namespaces/ns/configmaps", 403)]
    [InlineData("GET", "/api/v1/namespaces/ns/pods?watch=1", 403)]
    [InlineData("DELETE", "/api/v1/namespaces/ns/pods/p", 403)]
    [InlineData("GET", "/api/v1/namespaces/default/pods", 403)]
    [InlineData("GET", "/api/v1/pods", 403)]
    [InlineData("GET", "/apis", 200)]
    public async Task A_service_account_may_what_its_role_says(string method, string path, int status)
    {
        await using var api = await ApiFixture.StartAsync();
        await BindAsync(api);

        Assert.Equal(status, (await api.Http(api.TokenOf("ns", "sa")).JsonAsync(method, path)).Status);
    }

    [Fact]
    public async Task Forbidden_says_who_may_not_do_what_and_where()
    {
        await using var api = await ApiFixture.StartAsync();

        var (_, refusal) = await api.Http(api.TokenOf("ns", "sa")).JsonAsync("GET", "/apis/apps/v1/namespaces/ns/deployments/d");

        Assert.Equal(
            "deployments.apps \"d\" is forbidden: User \"system:serviceaccount:ns:sa\" cannot get resource \"deployments\" in API group \"apps\" in the namespace \"ns\"",
            refusal.Text("message"));
    }

    [Theory]
    [InlineData("list", "pods", "", true)]
    [InlineData("get", "pods", "log", true)]
    [InlineData("get", "pods", "exec", false)]
    [InlineData("create", "pods", "", false)]
    public async Task SelfSubjectAccessReview_answers_as_requests_would_be(string verb, string resource, string subresource, bool allowed)
    {
        await using var api = await ApiFixture.StartAsync();
        await BindAsync(api);
        var asked =
            $$$$"""{"spec":{"resourceAttributes":{"namespace":"ns","verb":"{{{{verb}}}}","resource":"{{{{resource}}}}","subresource":"{{{{subresource}}}}"}}}""";

        var (_, mine) = await api.Http(api.TokenOf("ns", "sa")).JsonAsync("POST", Review, asked);
        var (_, admins) = await api.Http().JsonAsync("POST", Review, asked);

        Assert.Equal((allowed, true), (mine.IsTrue("status", "allowed"), admins.IsTrue("status", "allowed")));
    }

    [Fact]
    public async Task A_cluster_role_bound_in_a_namespace_holds_there_alone()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.Http()
            .JsonAsync(
                "POST",
                Rbac + "/rolebindings",
                Binding.Replace("\"Role\",\"name\":\"r\"", "\"ClusterRole\",\"name\":\"view\"", StringComparison.Ordinal)
            );
        var http = api.Http(api.TokenOf("ns", "sa"));

        Assert.Equal(
            (200, 403),
            (
                (await http.JsonAsync("GET", "/apis/apps/v1/namespaces/ns/deployments")).Status,
                (await http.JsonAsync("GET", "/apis/apps/v1/deployments")).Status
            )
        );
    }

    [Theory]
    [InlineData("system:serviceaccount:ns:sa", null, 200)]
    [InlineData("system:serviceaccount:ns:other", null, 403)]
    [InlineData("jane", null, 403)]
    [InlineData("jane", "system:masters", 200)]
    [InlineData(null, "system:masters", 400)]
    public async Task Request_that_stands_for_another_user_is_answered_as_that_user_would_be(string? user, string? group, int status)
    {
        await using var api = await ApiFixture.StartAsync();
        await BindAsync(api);
        var http = api.Http();
        Impersonate(http, user, group);

        Assert.Equal(status, (await http.JsonAsync("GET", "/api/v1/namespaces/ns/pods")).Status);
    }

    [Fact]
    public async Task Request_for_another_user_by_one_who_may_not_impersonate_is_forbidden()
    {
        await using var api = await ApiFixture.StartAsync();
        await BindAsync(api);
        var http = api.Http(api.TokenOf("ns", "sa"));
        Impersonate(http, "jane", "system:masters");

        Assert.Equal(403, (await http.JsonAsync("GET", "/api/v1/namespaces/ns/pods")).Status);
    }

    private static void Impersonate(HttpClient http, string? user, string? group)
    {
        if (user is not null)
        {
            http.DefaultRequestHeaders.Add("Impersonate-User", user);
        }

        if (group is not null)
        {
            http.DefaultRequestHeaders.Add("Impersonate-Group", group);
        }
    }

    private static async Task BindAsync(ApiFixture api)
    {
        var http = api.Http();
        Assert.Equal(201, (await http.JsonAsync("POST", Rbac + "/roles", Role)).Status);
        Assert.Equal(201, (await http.JsonAsync("POST", Rbac + "/rolebindings", Binding)).Status);
    }
}
