using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

public class AccessTests
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/ns";
    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string Role = """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods","*/log"],"verbs":["get","list"]},{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["one"],"verbs":["*"]}]}""";
    private const string Binding = """{"metadata":{"name":"b"},"subjects":[{"kind":"ServiceAccount","name":"sa"}],"roleRef":{"kind":"Role","name":"r"}}""";

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
        var asked = $$$$"""{"spec":{"resourceAttributes":{"namespace":"ns","verb":"{{{{verb}}}}","resource":"{{{{resource}}}}","subresource":"{{{{subresource}}}}"}}}""";

        var (_, mine) = await api.Http(api.TokenOf("ns", "sa")).JsonAsync("POST", Review, asked);
        var (_, admins) = await api.Http().JsonAsync("POST", Review, asked);

        Assert.Equal((allowed, true), (mine.IsTrue("status", "allowed"), admins.IsTrue("status", "allowed")));
    }

    [Fact]
    public async Task A_cluster_role_bound_in_a_namespace_holds_there_alone()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.Http().JsonAsync("POST", Rbac + "/rolebindings", Binding.Replace("\"Role\",\"name\":\"r\"", "\"ClusterRole\",\"name\":\"view\"", StringComparison.Ordinal));
        var http = api.Http(api.TokenOf("ns", "sa"));

        Assert.Equal((200, 403), ((await http.JsonAsync("GET", "/apis/apps/v1/namespaces/ns/deployments")).Status, (await http.JsonAsync("GET", "/apis/apps/v1/deployments")).Status));
    }

    private static async Task BindAsync(ApiFixture api)
    {
        var http = api.Http();
        Assert.Equal(201, (await http.JsonAsync("POST", Rbac + "/roles", Role)).Status);
        Assert.Equal(201, (await http.JsonAsync("POST", Rbac + "/rolebindings", Binding)).Status);
    }
}
