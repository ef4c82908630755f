using FaultTolerance.LocalCluster.Api.Discovery;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api.Discovery;

public sealed class VersionOrderTests
{
    [Fact]
    public void Preferred_is_the_newest_general_version_then_beta_then_alpha_then_other_names()
    {
        // The example of Kubernetes' own description of custom resources.
        string[] expected = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"];

        Assert.Equal(expected, expected.Reverse().Order(VersionOrder.Preferred));
    }

    [Fact]
    public async Task Group_is_discovered_with_its_newest_version_first_whatever_the_definition_s_order()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        await http.JsonAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
            {"metadata":{"name":"things.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},
             "versions":[
              {"name":"v1alpha1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}},
              {"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """);

        var (_, group) = await http.JsonAsync("GET", "/apis/example.com");

        Assert.Equal("v1beta1", group.Text("preferredVersion", "version"));
        Assert.Equal(["v1beta1", "v1alpha1"], group.Maps("versions").Select(version => version.Text("version")));
    }
}
