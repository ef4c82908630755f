using System.Text.Json.Nodes;
using CsCheck;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api.Selection;

public class LabelSelectorTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData(" app = web , tier ", true)]
    [InlineData("app!=web", false)]
    [InlineData("other!=x", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("other notin (a)", true)]
    [InlineData("!other,tier", true)]
    [InlineData("!tier", false)]
    [InlineData("n>4,n<6", true)]
    [InlineData("n>5", false)]
    [InlineData("example.com/role=a.b_c", true)]
    [InlineData("empty=", true)]
    public void Matches_follows_the_grammar(string selector, bool expected)
    {
        var labels = new JsonObject { ["app"] = "web", ["tier"] = "front", ["n"] = "5", ["example.com/role"] = "a.b_c", ["empty"] = "" };

        Assert.Equal(expected, LabelSelector.Parse(selector).Matches(Labelled(labels)));
    }

    [Theory]
    [InlineData("=x")]
    [InlineData("a in")]
    [InlineData("a in (b")]
    [InlineData("a between (b)")]
    [InlineData("a=b,")]
    [InlineData("a>b")]
    [InlineData("-a=b")]
    [InlineData("a b")]
    public void Parse_refuses_what_is_no_selector(string selector) =>
        Assert.Equal(400, Assert.Throws<StoreException>(() => LabelSelector.Parse(selector)).Status);

    /// <summary>What is printed reads back to the same meaning, for any requirements and labels.</summary>
    [Fact]
    public void Parse_of_the_printed_selector_matches_the_same_objects()
    {
        var word = Gen.OneOf("a", "b", "c-1", "x.y");
        var requirement = Gen.Select(word, Gen.OneOf("in", "notin", "exists", "!"), word.Array[1, 3]).Select((key, op, values) =>
            new LabelRequirement(key, op, op is "exists" or "!" ? [] : values));
        var labels = Gen.Dictionary(word, word)[0, 4];
        Gen.Select(requirement.List[1, 4], labels).Sample((requirements, chosen) =>
        {
            var selector = new LabelSelector(requirements);
            var value = Labelled(new(chosen.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))));

            Assert.Equal(Model(requirements, chosen), selector.Matches(value));
            Assert.Equal(selector.Matches(value), LabelSelector.Parse(selector.ToString()).Matches(value));
        });
    }

    [Fact]
    public void FromSpec_reads_labels_and_expressions()
    {
        var spec = new JsonObject
        {
            ["matchLabels"] = new JsonObject { ["app"] = "web" },
            ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = "gone", ["operator"] = "DoesNotExist" }),
        };

        Assert.Equal("app=web,!gone", LabelSelector.FromSpec(spec).ToString());
    }

    private static bool Model(List<LabelRequirement> requirements, Dictionary<string, string> labels) =>
        requirements.TrueForAll(requirement =>
            requirement.Operator switch
            {
                "in" => labels.TryGetValue(requirement.Key, out var value) && requirement.Values.Contains(value, StringComparer.Ordinal),
                "notin" => !labels.TryGetValue(requirement.Key, out var value)
                    || !requirement.Values.Contains(value, StringComparer.Ordinal),
                "exists" => labels.ContainsKey(requirement.Key),
                _ => !labels.ContainsKey(requirement.Key),
            }
        );

    private static JsonObject Labelled(JsonObject labels) => new() { ["metadata"] = new JsonObject { ["labels"] = labels } };
}
