using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

/// <summary>A value of a type that its field does not have cannot be decoded: 400, before any rule is asked.</summary>
public sealed class BodyTypeTests
{
    [Theory]
    [InlineData(
        "/apis/apps/v1/namespaces/ns/deployments",
        """{"metadata":{"name":"a"},"spec":{"replicas":"two"}}""",
        "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
    )]
    [InlineData(
        "/apis/apps/v1/namespaces/ns/deployments",
        """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"containers":[{"env":[{"name":"A","value":1}]}]}}}}""",
        "cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string"
    )]
    [InlineData(
        "/apis/apps/v1/namespaces/ns/deployments",
        """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"containers":{}}}}}""",
        "cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []Container"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/configmaps",
        """{"metadata":{"name":"a"},"data":{"a":true}}""",
        "cannot unmarshal bool into Go struct field ConfigMap.data of type string"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/configmaps",
        """{"metadata":{"name":"a","labels":{"a":1}}}""",
        "cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/configmaps",
        """{"metadata":[]}""",
        "cannot unmarshal array into Go struct field ConfigMap.metadata of type ObjectMeta"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/configmaps",
        """{"metadata":{"name":7}}""",
        "cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/configmaps",
        """{"kind":7,"metadata":{"name":"a"}}""",
        "cannot unmarshal number into Go struct field ConfigMap.kind of type string"
    )]
    [InlineData("/api/v1/namespaces/ns/secrets", """{"metadata":{"name":"a"},"data":{"a":"?"}}""", "illegal base64 data")]
    [InlineData(
        "/api/v1/namespaces/ns/pods",
        """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b","resources":{"limits":{"cpu":"much"}}}]}}""",
        "quantities must match the regular expression"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/pods",
        """{"metadata":{"name":"a"},"spec":{"hostPID":"yes"}}""",
        "cannot unmarshal string into Go struct field PodSpec.spec.hostPID of type bool"
    )]
    [InlineData(
        "/api/v1/namespaces/ns/services",
        """{"metadata":{"name":"a"},"spec":{"ports":[{"port":1.5}]}}""",
        "cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.port of type int32"
    )]
    public async Task Create_and_update_of_a_wrong_type_are_400(string path, string body, string message)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, answer) = await api.Http().JsonAsync("POST", path, body);

        Assert.Equal((400, "BadRequest"), (status, answer.Text("reason")));
        Assert.Contains(message, answer.Text("message"), StringComparison.Ordinal);
        Assert.Contains(" cannot be handled as a ", answer.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/merge-patch+json", """{"data":{"a":1}}""")]
    [InlineData("application/strategic-merge-patch+json", """{"data":{"a":1}}""")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/data","value":"x"}]""")]
    public async Task Patch_to_a_wrong_type_is_422_and_changes_nothing(string type, string patch)
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync("POST", "/api/v1/namespaces/ns/configmaps", """{"metadata":{"name":"a"},"data":{"b":"1"}}""");

        var (status, answer) = await http.JsonAsync("PATCH", "/api/v1/namespaces/ns/configmaps/a", patch, type);

        Assert.Equal((422, "Invalid"), (status, answer.Text("reason")));
        var (_, kept) = await http.JsonAsync("GET", "/api/v1/namespaces/ns/configmaps/a");
        Assert.Equal("""{"b":"1"}""", kept["data"]!.ToJsonString());
        var (replaced, _) = await http.JsonAsync("PUT", "/api/v1/namespaces/ns/configmaps/a", """{"metadata":{"name":"a"},"data":[]}""");
        Assert.Equal(400, replaced);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/yaml")]
    public async Task Body_that_is_too_large_or_too_deep_is_refused_and_the_server_goes_on(string type)
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        const string Path = "/api/v1/namespaces/ns/configmaps";

        // The server refuses by the length alone and closes: who sends all the same may meet the end of the connection first.
        http.DefaultRequestHeaders.ExpectContinue = true;
        var (large, why) = await http.JsonAsync("POST", Path,
            $$"""{"metadata":{"name":"a"},"data":{"a":"{{new string('x', 4_000_000)}}"} }""", type);
        var (deep, _) = await http.JsonAsync("POST", Path,
            $$"""{"metadata":{"name":"a"},"data":{{string.Concat(Enumerable.Repeat("{\"a\":", 5_000))}}1{{new string('}',
            5_000)}} }""", type);

        Assert.Equal((413, "RequestEntityTooLarge"), (large, why.Text("reason")));
        Assert.Equal(400, deep);
        Assert.Equal(200, (await http.JsonAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task Patches_cannot_lay_values_deeper_into_one_another_than_a_body_may()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            """
            {"metadata":{"name":"things.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"versions":[
             {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """);
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "{}" + new string('}', 40);
        await http.JsonAsync("POST", "/apis/example.com/v1/namespaces/ns/things", $$"""{"metadata":{"name":"t"},"spec":{{nested}} }""");
        var path = "/spec" + string.Concat(Enumerable.Repeat("/a", 40)) + "/b";

        var (status, answer) = await http.JsonAsync(
            "PATCH", "/apis/example.com/v1/namespaces/ns/things/t", $$"""[{"op":"add","path":"{{path}}","value":{{nested}}}]""",
                "application/json-patch+json");

        Assert.Equal(400, status);
        Assert.Contains("deep in one another", answer.Text("message"), StringComparison.Ordinal);
        Assert.Equal(200, (await http.JsonAsync("GET", "/apis/example.com/v1/namespaces/ns/things/t")).Status);
    }
}
