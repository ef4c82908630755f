using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

public class CustomResourceTests
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Widgets = "/apis/example.com/v1/namespaces/ns/widgets";

    private const string Definition = """
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: widgets, kind: Widget, shortNames: [wg]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    required: [size]
                    properties:
                      size: {type: integer, minimum: 0}
                      color: {type: string, enum: [red, blue], default: red}
                      port: {x-kubernetes-int-or-string: true}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
          - {name: v2, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
        """;

    [Fact]
    public async Task A_definition_makes_its_versions_served()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();

        var (before, _) = await http.JsonAsync("GET", Widgets);
        var (status, definition) = await http.JsonAsync("POST", Definitions, Definition, "application/yaml");
        var (_, made) = await http.JsonAsync("POST", Widgets, """{"metadata":{"name":"w"},"spec":{"size":2,"port":"http"}}""");

        Assert.Equal((404, 201), (before, status));
        Assert.Contains(definition.Maps("status", "conditions"), condition =>
            condition.Text("type") == "Established" && condition.Text("status") == "True"
        );
        Assert.Equal(("Widget", "example.com/v1", "red"), (made.Text("kind"), made.Text("apiVersion"), made.Text("spec", "color")));
        Assert.Equal(404, (await http.JsonAsync("GET", "/apis/example.com/v2/namespaces/ns/widgets")).Status);
        var (_, discovered) = await http.JsonAsync("GET", "/apis/example.com/v1");
        Assert.Equal(["widgets", "widgets/scale", "widgets/status"], discovered.Maps("resources").Select(entry => entry.Text("name")));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"w"}}""", "spec: Required value")]
    [InlineData("""{"metadata":{"name":"w"},"spec":{}}""", "spec.size: Required value")]
    [InlineData("""{"metadata":{"name":"w"},"spec":{"size":"2"}}""", "must be of type integer")]
    [InlineData("""{"metadata":{"name":"w"},"spec":{"size":-1}}""", "greater than or equal to 0")]
    [InlineData("""{"metadata":{"name":"w"},"spec":{"size":1,"color":"green"}}""", "Unsupported value: \"green\"")]
    [InlineData("""{"metadata":{"name":"w"},"spec":{"size":1,"port":true}}""", "must be of type integer or string")]
    public async Task Objects_that_break_the_schema_are_refused(string body, string message)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.Http().JsonAsync("POST", Definitions, Definition, "application/yaml");

        var (status, refusal) = await api.Http().JsonAsync("POST", Widgets, body);

        Assert.Equal((422, "Invalid"), (status, refusal.Text("reason")));
        Assert.Contains(message, refusal.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_scale_and_columns_follow_the_definition()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        await http.JsonAsync("POST", Definitions, Definition, "application/yaml");
        await http.JsonAsync("POST", Widgets, """{"metadata":{"name":"w"},"spec":{"size":2},"status":{"size":9}}""");

        await http.JsonAsync(
            "PATCH",
            Widgets + "/w/status",
            """{"spec":{"size":7},"status":{"size":1,"conditions":[{"type":"Ready","status":"True"}]}}""",
            "application/merge-patch+json"
        );
        await http.JsonAsync("PATCH", Widgets + "/w/scale", """{"spec":{"replicas":4}}""", "application/merge-patch+json");

        var (_, table) = await http.JsonAsync("GET", Widgets, accept: "application/json;as=Table;v=v1;g=meta.k8s.io");
        var (_, scale) = await http.JsonAsync("GET", Widgets + "/w/scale");
        Assert.Equal(["\"w\"", "4", "\"True\""], table.Maps("rows").Single().Items("cells")!.Select(cell => cell!.ToJsonString()));
        Assert.Equal((4L, 1L), (scale.Number("spec", "replicas"), scale.Number("status", "replicas")));
        Assert.Equal(415, (await http.JsonAsync("PATCH", Widgets + "/w", "{}", "application/strategic-merge-patch+json")).Status);
    }

    [Fact]
    public async Task A_deleted_definition_goes_when_its_last_object_has_gone()
    {
        await using var api = await ApiFixture.StartAsync();
        var http = api.Http();
        await http.JsonAsync("POST", Definitions, Definition, "application/yaml");
        await http.JsonAsync("POST", Widgets, """{"metadata":{"name":"free"},"spec":{"size":1}}""");
        await http.JsonAsync("POST", Widgets, """{"metadata":{"name":"held","finalizers":["a.b/c"]},"spec":{"size":1}}""");

        await http.JsonAsync("DELETE", Definitions + "/widgets.example.com");
        var (_, left) = await http.JsonAsync("GET", Widgets);
        await http.JsonAsync("PATCH", Widgets + "/held", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");

        Assert.Equal(["held"], left.Maps("items").Select(item => item.Name()));
        Assert.Equal(404, (await http.JsonAsync("GET", Definitions + "/widgets.example.com")).Status);
        Assert.Equal(404, (await http.JsonAsync("GET", Widgets)).Status);
    }

    [Fact]
    public async Task A_wrong_definition_is_told_every_fault()
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, refusal) = await api.Http()
            .JsonAsync("POST", Definitions, """{"metadata":{"name":"x"},"spec":{"group":"g","names":{"plural":"ws"},"versions":[]}}""");

        Assert.Equal(422, status);
        foreach (var fault in (string[])["spec.names.kind", "spec.group", "metadata.name", "spec.scope", "spec.versions"])
        {
            Assert.Contains(fault, refusal.Text("message"), StringComparison.Ordinal);
        }
    }
}
