using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

/// <summary>A value of a type that its field does not have cannot be decoded: 400, before any rule is asked.</summary>
public sealed class BodyTypeTests
{
    [Theory]
    [InlineData("/apis/apps/v1/namespaces/ns/deployments", """{"metadata":{"name":"a"},"spec":{"replicas":"two"}}""", "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("/apis/apps/v1/namespaces/ns/deployments", """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"containers":[{"env":[{"name":"A","value":1}]}]}}}}""", "cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string")]
    [InlineData("/apis/apps/v1/namespaces/ns/deployments", """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"containers":{}}}}}""", "cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []Container")]
    [InlineData("/api/v1/namespaces/ns/configmaps", """{"metadata":{"name":"a"},"data":{"a":true}}""", "cannot unmarshal bool into Go struct field ConfigMap.data of type string")]
    [InlineData("/api/v1/namespaces/ns/configmaps", """{"metadata":{"name":"a","labels":{"a":1}}}""", "cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("/api/v1/namespaces/ns/configmaps", """{"metadata":[]}""", "cannot unmarshal array into Go struct field ConfigMap.metadata of type ObjectMeta")]
    [InlineData("/api/v1/namespaces/ns/configmaps", """{"metadata":{"name":7}}""", "cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string")]
    [InlineData("/api/v1/namespaces/ns/configmaps", """{"kind":7,"metadata":{"name":"a"}}""", "cannot unmarshal number into Go struct field ConfigMap.kind of type string")]
    [InlineData("/api/v1/namespaces/ns/secrets", """{"metadata":{"name":"a"},"data":{"a":"?"}}""", "illegal base64 data")]
    [InlineData("/api/v1/namespaces/ns/pods", """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b","resources":{"limits":{"cpu":"much"}}}]}}""", "quantities must match the regular expression")]
    [InlineData("/api/v1/namespaces/ns/pods", """{"metadata":{"name":"a"},"spec":{"hostPID":"yes"}}""", "cannot unmarshal string into Go struct field PodSpec.spec.hostPID of type bool")]
    [InlineData("/api/v1/namespaces/ns/services", """{"metadata":{"name":"a"},"spec":{"ports":[{"port":1.5}]}}""", "cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.port of type int32")]
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
}
