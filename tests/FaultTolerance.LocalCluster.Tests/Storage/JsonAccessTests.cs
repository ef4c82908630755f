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
}
