using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Storage;

public sealed class JsonAccessTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":[1,2.50,1e400,-0,"é\u0000<>&'\uD83D\uDE00",null,true,{}],"b":{"":"x"}}""")]
    public void ToUtf8Bytes_ofAnyNode_isWhatTheSerializerWrites(string json)
    {
        var node = JsonNode.Parse(json)!;
        node.AsObject()["set"] = "later <é>";

        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(node), node.ToUtf8Bytes());
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void ToUtf8Bytes_ofValuesInOneAnother_givesWhatCanBeRead(int depth, bool given)
    {
        JsonNode node = new JsonObject();
        for (var i = 1; i < depth; i++)
        {
            node = new JsonObject { ["a"] = node };
        }

        if (given)
        {
            Assert.NotNull(JsonNode.Parse(node.ToUtf8Bytes()));
        }
        else
        {
            Assert.Throws<JsonException>(node.ToUtf8Bytes);
        }
    }
}
