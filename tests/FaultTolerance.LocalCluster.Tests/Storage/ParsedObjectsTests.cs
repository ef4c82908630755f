using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Storage;

/// <summary>Copies of what stored bytes hold.</summary>
public sealed class ParsedObjectsTests
{
    [Fact]
    public void Copy_ofTheSameBytes_isNoOnesElse()
    {
        var objects = new ParsedObjects();
        var json = Json(1);

        var first = objects.Copy(json);
        first["metadata"]!["name"] = "changed";
        first["more"] = new JsonArray(1);
        var second = objects.Copy(json);

        Assert.Equal("""{"metadata":{"name":"a1"}}""", second.ToJsonString());
        Assert.Equal("""{"metadata":{"name":"changed"},"more":[1]}""", first.ToJsonString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Copy_ofMoreThanAreRemembered_isRight(int capacity)
    {
        var objects = new ParsedObjects(capacity);
        byte[][] all = [.. Enumerable.Range(0, 10).Select(Json)];

        for (var round = 0; round < 3; round++)
        {
            Assert.All(all, (json, i) => Assert.Equal($$$"""{"metadata":{"name":"a{{{i}}}"}}""", objects.Copy(json).ToJsonString()));
        }
    }

    [Fact]
    public async Task Copy_fromManyThreads_isRight()
    {
        var objects = new ParsedObjects(4);
        byte[][] all = [.. Enumerable.Range(0, 16).Select(Json)];

        await Parallel.ForAsync(0, 4_000, TestContext.Current.CancellationToken, (i, _) =>
        {
            var copy = objects.Copy(all[i % all.Length]);
            copy["seen"] = i;
            Assert.Equal($"a{i % all.Length}", copy.Text("metadata", "name"));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Copy_ofNoJson_isRefused() => Assert.ThrowsAny<JsonException>(() => new ParsedObjects().Copy("{"u8.ToArray()));

    private static byte[] Json(int number) => Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"a{{{number}}}"}}""");
}
