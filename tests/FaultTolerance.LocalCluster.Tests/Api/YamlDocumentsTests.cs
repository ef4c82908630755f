using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Http;
using YamlDotNet.Core;

namespace FaultTolerance.LocalCluster.Tests.Api;

public class YamlDocumentsTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: \"1\"", """{"a":"1"}""")]
    [InlineData("a: 0644", """{"a":420}""")]
    [InlineData("a: 1.5e3", """{"a":1500}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("a: 'no'", """{"a":"no"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a:\n- \n", """{"a":[null]}""")]
    [InlineData("a: 100m", """{"a":"100m"}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("x: &k {b: 1}\ny: *k\nz: {<<: *k, c: 2}", """{"x":{"b":1},"y":{"b":1},"z":{"b":1,"c":2}}""")]
    public void Parse_types_plain_scalars_as_Kubernetes_tools_do(string yaml, string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), Assert.Single(YamlDocuments.Parse(yaml))));

    [Fact]
    public void Parse_skips_empty_documents() =>
        Assert.Equal(2, YamlDocuments.Parse("---\na: 1\n---\n# nothing\n---\nb: 2\n").Count);

    [Fact]
    public void Parse_names_the_line_of_a_fault() =>
        Assert.Equal(3, Assert.ThrowsAny<YamlException>(() => YamlDocuments.Parse("a: 1\nb: 2\nc: ]\n")).Start.Line);

    [Theory]
    [InlineData("a: &a [*a]", "deep")]
    [InlineData("a: &a {b: {c: *a}}", "deep")]
    [InlineData(
        "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]",
        "its aliases make more than"
    )]
    public void Aliases_that_hold_themselves_or_multiply_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => YamlDocuments.Parse(text)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Depth_is_limited_before_anything_recurses(string begin, string end)
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat(begin, depth)) + "1" + string.Concat(Enumerable.Repeat(end, depth));

        Assert.Single(YamlDocuments.Parse(Nested(YamlDocuments.Deepest - 1)));
        Assert.Contains("deep", Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => YamlDocuments.Parse(Nested(200_000))).Message,
            StringComparison.Ordinal);
    }
}
