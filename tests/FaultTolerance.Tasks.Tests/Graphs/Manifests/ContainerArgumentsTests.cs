using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

public sealed class ContainerArgumentsTests
{
    [Theory]
    [InlineData("""{"args":["-m","x","--len","1","--flag"]}""", """{"args":["-m","x","--len","9","--flag"]}""")]
    [InlineData("""{"args":["--len=1","b"]}""", """{"args":["--len","9","b"]}""")]
    [InlineData("""{"command":["python3","--len","1"]}""", """{"command":["python3","--len","9"]}""")]
    [InlineData("""{"args":["-m","x"]}""", """{"args":["-m","x","--len","9"]}""")]
    [InlineData("{}", """{"args":["--len","9"]}""")]
    [InlineData("""{"command":["sh","-c"],"args":["exec x --len 1 --y 2"]}""", """{"command":["sh","-c"],"args":["exec x --len 9 --y 2"]}""")]
    [InlineData("""{"command":["sh","-c"],"args":["exec x --len=1"]}""", """{"command":["sh","-c"],"args":["exec x --len 9"]}""")]
    [InlineData("""{"command":["sh","-c"],"args":["x --len \u00221 2\u0022 --y"]}""", """{"command":["sh","-c"],"args":["x --len 9 --y"]}""")]
    [InlineData("""{"command":["/bin/bash","-c","x --length 1"]}""", """{"command":["/bin/bash","-c","x --length 1 --len 9"]}""")]
    [InlineData("""{"command":["sh","-c"],"args":["x --y"]}""", """{"command":["sh","-c"],"args":["x --y --len 9"]}""")]
    [InlineData("""{"command":["gcc","-c"],"args":["a"]}""", """{"command":["gcc","-c"],"args":["a","--len","9"]}""")]
    public void Option_that_is_there_gets_the_value_and_another_comes_at_the_end(string container, string expected)
    {
        var node = JsonNode.Parse(container)!.AsObject();
        ContainerArguments.Set(node, ["--len", "9"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), node), node.ToJsonString());
    }

    [Fact]
    public void Flags_and_several_options_are_set_each_by_itself()
    {
        var node = JsonNode.Parse("""{"args":["--a","1","2","--c"]}""")!.AsObject();
        ContainerArguments.Set(node, ["--a", "3", "--b", "--c", "-1"]);
        Assert.Equal("""{"args":["--a","3","--c","--b","-1"]}""", node.ToJsonString());
    }

    [Fact]
    public void Value_with_blanks_is_quoted_in_a_script()
    {
        var node = JsonNode.Parse("""{"command":["sh","-c"],"args":["x --j '{}'"]}""")!.AsObject();
        ContainerArguments.Set(node, ["--j", """{"a": "it's"}"""]);
        Assert.Equal("""x --j '{"a": "it'\''s"}'""", node["args"]![0]!.GetValue<string>());
    }
}
