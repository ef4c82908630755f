using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api.Apply;

/// <summary>Server-side apply over HTTP, as kubectl and kube-rs ask for it.</summary>
public sealed class ServerSideApplyTests
{
    private const string Type = "application/apply-patch+yaml";
    private const string Maps = "/api/v1/namespaces/ns/configmaps/";
    private const string Deployments = "/apis/apps/v1/namespaces/ns/deployments/";

    [Fact]
    public async Task Apply_makes_an_object_then_changes_it_and_drops_what_is_no_longer_sent()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();

        var (made, first) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", Map("""{"x":"1","y":"2"}"""), Type);
        var (again, same) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", Map("""{"x":"1","y":"2"}"""), Type);
        var (changed, second) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", Map("""{"y":"3"}"""), Type);

        Assert.Equal((201, 200, 200), (made, again, changed));
        Assert.Equal(first.Text("metadata", "resourceVersion"), same.Text("metadata", "resourceVersion"));
        Assert.Equal("""{"y":"3"}""", second["data"]!.ToJsonString());
        var entry = Assert.Single(second.Maps("metadata", "managedFields"));
        Assert.Equal(("me", "Apply", "v1", "FieldsV1"),
            (entry.Text("manager"), entry.Text("operation"), entry.Text("apiVersion"), entry.Text("fieldsType")));
        Assert.Equal("""{"f:data":{"f:y":{}}}""", entry["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task Another_managers_field_is_a_conflict_with_its_cause_unless_it_is_taken_by_force()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync("PATCH", Maps + "a?fieldManager=one", Map("""{"x":"1","y":"1"}"""), Type);

        var (refused, why) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=two", Map("""{"x":"2"}"""), Type);
        var (shared, _) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=two", Map("""{"x":"1"}"""), Type);
        var (forced, taken) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=two&force=true", Map("""{"x":"2"}"""), Type);

        Assert.Equal((409, "Conflict"), (refused, why.Text("reason")));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .data.x", why.Text("message"));
        var cause = Assert.Single(why.Maps("details", "causes"));
        Assert.Equal(("FieldManagerConflict", "conflict with \"one\"", ".data.x"),
            (cause.Text("reason"), cause.Text("message"), cause.Text("field")));
        Assert.Equal((200, 200), (shared, forced));
        Assert.Equal("""{"x":"2","y":"1"}""", taken["data"]!.ToJsonString());
        Assert.Equal(["""one {"f:data":{"f:y":{}}}""", """two {"f:data":{"f:x":{}}}"""], Owners(taken));
    }

    [Fact]
    public async Task What_two_managers_own_stays_until_neither_sends_it()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync("PATCH", Maps + "a?fieldManager=one", Map("""{"x":"1","y":"1"}"""), Type);
        await http.JsonAsync("PATCH", Maps + "a?fieldManager=two", Map("""{"x":"1"}"""), Type);

        var (_, kept) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=one", Map("{}"), Type);
        var (_, gone) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=two", Map("{}"), Type);

        Assert.Equal("""{"x":"1"}""", kept["data"]!.ToJsonString());
        Assert.DoesNotContain("x", gone["data"]?.ToJsonString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_update_owns_what_it_changes_and_an_apply_over_it_conflicts()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", Map("""{"x":"1"}"""), Type);
        await http.JsonAsync("PATCH", Maps + "a?fieldManager=hand", """{"data":{"x":"2"}}""", "application/merge-patch+json");

        var (status, why) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", Map("""{"x":"1"}"""), Type);

        Assert.Equal(409, status);
        Assert.Matches("^Apply failed with 1 conflict: conflict with \"hand\" using v1 at 20..-..-..T..:..:..Z: \\.data\\.x$",
            why.Text("message"));
    }

    [Fact]
    public async Task Dry_run_answers_what_would_be_and_stores_nothing()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();

        var (made, would) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me&dryRun=All", Map("""{"x":"1"}"""), Type);
        var (there, _) = await http.JsonAsync("GET", Maps + "a");
        await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", Map("""{"x":"1"}"""), Type);
        var (_, next) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me&dryRun=All", Map("""{"x":"2"}"""), Type);
        var (_, stored) = await http.JsonAsync("GET", Maps + "a");

        Assert.Equal((201, 404), (made, there));
        Assert.Equal(("1", "2", "1"), (would.Text("data", "x"), next.Text("data", "x"), stored.Text("data", "x")));
    }

    [Fact]
    public async Task Lists_are_merged_by_their_keys_and_items_no_longer_sent_go()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync(
            "PATCH",
            Deployments + "d?fieldManager=me",
            Deployment(
                """{"name":"a","image":"i:1","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]},{"name":"b","image":"i:1"}"""
            ),
            Type
        );
        await http.JsonAsync(
            "PATCH",
            Deployments + "d?fieldManager=other",
            """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"C","value":"3"}]}]}}}}""",
            Type
        );

        var (status, answer) = await http.JsonAsync("PATCH", Deployments + "d?fieldManager=me",
            Deployment("""{"name":"a","image":"i:2","env":[{"name":"A","value":"1"}]}"""), Type);

        Assert.Equal(200, status);
        var container = Assert.Single(answer.Maps("spec", "template", "spec", "containers"));
        Assert.Equal(("a", "i:2"), (container.Text("name"), container.Text("image")));
        Assert.Equal(["A", "C"], container.Maps("env").Select(variable => variable.Text("name")).Order(StringComparer.Ordinal));
        Assert.Contains(
            """f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:env":{"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}}""",
            answer.Maps("metadata", "managedFields").Single(entry => entry.Text("manager") == "me")
                .ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { Encoder =
                System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"name":"a","image":"i:1","nonsense":1}""",
        ".spec.template.spec.containers[name=\"a\"].nonsense: field not declared in schema"
    )]
    [InlineData(
        """{"name":"a","image":"i:1"},{"name":"a","image":"i:2"}""",
        ".spec.template.spec.containers: duplicate entries for key [name=\"a\"]"
    )]
    [InlineData("""{"image":"i:1"}""", "associative list with keys has an element that omits key field")]
    [InlineData(
        """{"name":"a","image":1}""",
        "cannot unmarshal number into Go struct field Container.spec.template.spec.containers.image of type string"
    )]
    public async Task Configuration_that_does_not_fit_the_schema_is_refused_in_the_servers_words(string containers, string expected)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, answer) = await api.Http().JsonAsync("PATCH", Deployments + "d?fieldManager=me", Deployment(containers), Type);

        Assert.Equal(500, status);
        Assert.StartsWith("failed to create typed patch object (ns/d; apps/v1, Kind=Deployment): ", answer.Text("message"),
            StringComparison.Ordinal);
        Assert.Contains(expected, answer.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", 422, "fieldManager: Required value")]
    [InlineData("a?fieldManager=me", """{"metadata":{"name":"a"}}""", 400, "an applied configuration names both")]
    [InlineData(
        "a?fieldManager=me",
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""",
        400,
        "does not match the name on the URL"
    )]
    [InlineData(
        "a?fieldManager=me",
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[{}]}}""",
        400,
        "metadata.managedFields must be nil"
    )]
    [InlineData(
        "a?fieldManager=me&force=perhaps",
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""",
        400,
        "force: Invalid value"
    )]
    public async Task Bad_applies_are_refused(string path, string body, int expected, string message)
    {
        await using var api = await ApiFixture.StartAsync();

        var (status, answer) = await api.Http().JsonAsync("PATCH", Maps + path, body, Type);

        Assert.Equal(expected, status);
        Assert.Contains(message, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yaml_is_applied_and_an_empty_entry_clears_the_managers()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        var (status, made) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: '1'\n", Type);

        var (_, cleared) = await http.JsonAsync("PATCH", Maps + "a?fieldManager=me", """{"metadata":{"managedFields":[{}]}}""",
            "application/merge-patch+json");

        Assert.Equal((201, "1"), (status, made.Text("data", "x")));
        Assert.Null(cleared.At("metadata", "managedFields"));
    }

    [Fact]
    public async Task Scale_takes_the_replicas_from_who_applied_them()
    {
        await using var api = await ApiFixture.StartAsync();
        using var http = api.Http();
        await http.JsonAsync("PATCH", Deployments + "d?fieldManager=me", Deployment("""{"name":"a","image":"i:1"}"""), Type);
        await http.JsonAsync("PATCH", Deployments + "d/scale?fieldManager=scaler", """{"spec":{"replicas":3}}""",
            "application/merge-patch+json");

        var (status, why) = await http.JsonAsync("PATCH", Deployments + "d?fieldManager=me", Deployment("""{"name":"a","image":"i:1"}"""),
            Type);

        Assert.Equal(409, status);
        Assert.Contains("conflict with \"scaler\" with subresource \"scale\" using apps/v1", why.Text("message"), StringComparison.Ordinal);
    }

    private static string[] Owners(JsonNode value) =>
        [.. value.Maps("metadata", "managedFields").Select(entry => $"{entry.Text("manager")} {entry["fieldsV1"]!.ToJsonString()}")
            .Order(StringComparer.Ordinal)];

    private static string Map(string data) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{{data}} }""";

    private static string Deployment(string containers) =>
        $$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
         "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{{{containers}}}]} } } }
        """;
}
