using System.Text.Json.Nodes;
using CsCheck;

namespace FaultTolerance.Graphs.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void Parse_types_plain_scalars_only()
    {
        var body = Manifest.Parse("x.yaml", """
            apiVersion: v1
            kind: X
            a: [1, -2, 0.5, true, null, ~, text, "1", 'true', 1.0.1, 0x10]
            ---
            # nothing
            ---
            apiVersion: v1
            kind: Y
            """);
        Assert.Equal(2, body.Documents.Length);
        Assert.Equal("""[1,-2,0.5,true,null,null,"text","1","true","1.0.1","0x10"]""", body.Documents[0].Body["a"]!.ToJsonString());
        Assert.Equal(("Y", 7), (body.Documents[1].Kind, body.Documents[1].Line));
    }

    [Theory]
    [InlineData("a: [1", "FT0218", 1)]
    [InlineData("apiVersion: v1\nkind: X\n---\nfoo: 1", "FT0219", 4)]
    [InlineData("", "FT0219", 1)]
    public void Parse_of_what_is_wrong_names_file_and_line(string text, string code, int line)
    {
        var e = Assert.Throws<FaultMatrixException>(() => Manifest.Parse("x.yaml", text));
        Assert.Equal(code, e.Code);
        Assert.InRange(e.Line, line, line + 1);
        Assert.Contains("x.yaml", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_of_a_missing_file_is_FT0208()
    {
        var e = await Assert.ThrowsAsync<FaultMatrixException>(() =>
            Manifest.LoadAsync("/nowhere.yaml", TestContext.Current.CancellationToken)
        );
        Assert.Equal("FT0208", e.Code);
    }

    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Merge_patch_does_as_RFC_7396_lists(string target, string patch, string expected)
    {
        var json = JsonNode.Parse(target)!.AsObject();
        MergePatch.Apply(json, JsonNode.Parse(patch)!.AsObject());
        Assert.Equal(expected, json.ToJsonString());
    }

    [Fact]
    public void Merge_patch_applied_twice_is_applied_once()
    {
        var leaf = Gen.OneOf(Gen.Int[0, 3].Select(i => (JsonNode?)JsonValue.Create(i)), Gen.Const((JsonNode?)null));
        var tree = Gen.Recursive<JsonNode?>(
            (depth, inner) => depth > 3 ? leaf : Gen.OneOf(leaf, Gen.Select(Gen.Char['a', 'c'], inner).Array[0, 3].Select(Object))
        );
        Gen.Select(tree, tree)
            .Where((a, b) => a is JsonObject && b is JsonObject)
            .Sample(
                (target, patch) =>
                {
                    var once = target!.DeepClone().AsObject();
                    MergePatch.Apply(once, patch!.AsObject());
                    var twice = once.DeepClone().AsObject();
                    MergePatch.Apply(twice, patch!.AsObject());
                    return JsonNode.DeepEquals(once, twice);
                }
            );

        static JsonNode? Object((char, JsonNode?)[] entries)
        {
            var json = new JsonObject();
            foreach (var (key, value) in entries)
            {
                json[key.ToString()] = value?.DeepClone();
            }

            return json;
        }
    }

    [Theory]
    [InlineData("Frontend", "frontend", null, "frontend")]
    [InlineData("VllmDecodeWorker", "worker", null, "decode")]
    [InlineData("VllmPrefillWorker", "worker", null, "prefill")]
    [InlineData("worker", "worker", "prefill", "prefill")]
    [InlineData("x", "prefill", null, "prefill")]
    [InlineData("TRTLLMWorker", null, null, "decode")]
    [InlineData("Frontend", null, null, "frontend")]
    [InlineData("Planner", "planner", null, "planner")]
    public void Role_comes_from_type_then_name(string name, string? type, string? subType, string role) =>
        Assert.Equal(role, GraphRoles.Of(name, type, subType));
}
