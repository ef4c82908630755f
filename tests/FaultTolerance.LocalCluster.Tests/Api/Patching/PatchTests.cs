using System.Text.Json.Nodes;
using CsCheck;
using FaultTolerance.LocalCluster.Api.Patching;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api.Patching;

public class PatchTests
{
    private static readonly Gen<string> Names = Gen.OneOf("a", "b", "c");
    private static readonly Gen<JsonNode?> Number = Gen.Int[0, 3].Select(number => (JsonNode?)JsonValue.Create(number));
    private static readonly Gen<JsonNode?> Json = Gen.Recursive<JsonNode?>((depth, inner) => depth > 3
        ? Number
        : Gen.Frequency(
            (2, Number),
            (1, Gen.Const((JsonNode?)null)),
            (1, inner.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
            (4, Object(inner))));

    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void MergePatch_gives_the_examples_of_RFC_7386(string target, string patch, string expected) =>
        AssertJson(expected, MergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch)));

    [Fact]
    public void MergePatch_leaves_its_arguments_and_is_idempotent() =>
        Gen.Select(Json, Json).Sample((target, patch) =>
        {
            var (targetBefore, patchBefore) = (target?.ToJsonString(), patch?.ToJsonString());
            var once = MergePatch.Apply(target, patch);

            Assert.True(JsonNode.DeepEquals(once, MergePatch.Apply(once, patch)));
            Assert.Equal((targetBefore, patchBefore), (target?.ToJsonString(), patch?.ToJsonString()));
        });

    /// <summary>On objects without lists and directives a strategic merge patch is a merge patch.</summary>
    [Fact]
    public void StrategicMergePatch_without_lists_is_a_merge_patch()
    {
        var flat = Object(Gen.Recursive<JsonNode?>((depth, inner) => depth > 2
            ? Number
            : Gen.OneOf(Number, Gen.Const((JsonNode?)null), Object(inner))));
        Gen.Select(flat, flat).Sample((target, patch) =>
        {
            // A target never holds null: the API's objects do not.
            var clean = MergePatch.Apply(new JsonObject(), target)!.AsObject();

            AssertJson(MergePatch.Apply(clean, patch)!.ToJsonString(), StrategicMergePatch.Apply(clean, patch!.AsObject()));
        });
    }

    [Theory]
    [InlineData( // an item is found by its key and merged, a new one is added
        """{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]}]}}""",
        """{"spec":{"containers":[{"name":"a","env":[{"name":"Y","value":"2"}]},{"name":"b","image":"3"}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},{"name":"b","image":"3"}]}}"""
    )]
    [InlineData( // an item is deleted, and the rest put in order
        """{"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}}""",
        """{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}],"containers":[{"name":"b","$patch":"delete"}]}}""",
        """{"spec":{"containers":[{"name":"c"},{"name":"a"}]}}""")]
    [InlineData( // a list of plain values is replaced
        """{"spec":{"containers":[{"name":"a","args":["1","2"]}]}}""",
        """{"spec":{"containers":[{"name":"a","args":["3"]}]}}""",
        """{"spec":{"containers":[{"name":"a","args":["3"]}]}}""")]
    [InlineData( // what is not retained goes
        """{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""",
        """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""",
        """{"spec":{"strategy":{"type":"Recreate"}}}""")]
    [InlineData( // ports of a container and of a service have different keys
        """{"spec":{"ports":[{"port":80,"name":"a"}],"containers":[{"name":"a","ports":[{"containerPort":80,"name":"a"}]}]}}""",
        """{"spec":{"ports":[{"port":80,"name":"b"}],"containers":[{"name":"a","ports":[{"containerPort":80,"name":"b"}]}]}}""",
        """{"spec":{"ports":[{"port":80,"name":"b"}],"containers":[{"name":"a","ports":[{"containerPort":80,"name":"b"}]}]}}""")]
    [InlineData( // finalizers are a set
        """{"metadata":{"finalizers":["a","b"]}}""",
        """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""",
        """{"metadata":{"finalizers":["b","c"]}}""")]
    [InlineData( // a map is replaced or deleted as a whole
        """{"spec":{"selector":{"a":"1","b":"2"},"template":{"x":1}}}""",
        """{"spec":{"selector":{"$patch":"replace","c":"3"},"template":{"$patch":"delete"}}}""",
        """{"spec":{"selector":{"c":"3"}}}""")]
    public void StrategicMergePatch_merges_lists_by_key(string target, string patch, string expected) =>
        AssertJson(expected, StrategicMergePatch.Apply(JsonNode.Parse(target)!.AsObject(), JsonNode.Parse(patch)!.AsObject()));

    [Fact]
    public void StrategicMergePatch_without_the_key_is_refused() =>
        Assert.Equal(
            400,
            Assert
                .Throws<StoreException>(() =>
                    StrategicMergePatch.Apply([], JsonNode.Parse("""{"containers":[{"image":"x"}]}""")!.AsObject())
                )
                .Status
        );

    [Theory]
    [InlineData("""[{"op":"add","path":"/a/b","value":1}]""", """{"a":{"b":1},"l":[1,2]}""")]
    [InlineData("""[{"op":"add","path":"/l/-","value":3},{"op":"add","path":"/l/0","value":0}]""", """{"a":{},"l":[0,1,2,3]}""")]
    [InlineData("""[{"op":"remove","path":"/l/0"},{"op":"remove","path":"/a"}]""", """{"l":[2]}""")]
    [InlineData("""[{"op":"test","path":"/l/1","value":2},{"op":"replace","path":"/l","value":"x"}]""", """{"a":{},"l":"x"}""")]
    [InlineData("""[{"op":"move","from":"/l","path":"/a/m~1~0"}]""", """{"a":{"m/~":[1,2]}}""")]
    [InlineData("""[{"op":"copy","from":"/l/0","path":"/c"}]""", """{"a":{},"l":[1,2],"c":1}""")]
    public void JsonPatch_does_each_operation(string patch, string expected) =>
        AssertJson(expected, JsonPatch.Apply(JsonNode.Parse("""{"a":{},"l":[1,2]}""")!, JsonNode.Parse(patch)!.AsArray()));

    [Theory]
    [InlineData("""[{"op":"remove","path":"/x"}]""", 422)]
    [InlineData("""[{"op":"add","path":"/x/y","value":1}]""", 422)]
    [InlineData("""[{"op":"replace","path":"/x","value":1}]""", 422)]
    [InlineData("""[{"op":"add","path":"/l/3","value":1}]""", 422)]
    [InlineData("""[{"op":"test","path":"/l/0","value":9}]""", 422)]
    [InlineData("""[{"op":"add","path":"x","value":1}]""", 400)]
    [InlineData("""[{"op":"add","path":"/x"}]""", 400)]
    [InlineData("""[{"op":"bend","path":"/x"}]""", 400)]
    public void JsonPatch_refuses_what_cannot_be(string patch, int status) =>
        Assert.Equal(
            status,
            Assert
                .Throws<StoreException>(() => JsonPatch.Apply(JsonNode.Parse("""{"l":[1,2]}""")!, JsonNode.Parse(patch)!.AsArray()))
                .Status
        );

    private static Gen<JsonNode?> Object(Gen<JsonNode?> member) => Gen.Dictionary(Names, member)[0, 3].Select(members =>
        (JsonNode?)new JsonObject(members.Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))));

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}
