using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

public sealed class StandInImagesTests
{
    [Theory]
    [InlineData("""{"spec":{"services":{"A":{"extraPodSpec":{"mainContainer":{"image":"faultmatrix/stand-in:1"}}}}}}""", true)]
    [InlineData("""{"spec":{"containers":[{"image":"a:1"},{"image":"registry.test:5000/x/faultmatrix/stand-in@sha256:1"}]}}""", true)]
    [InlineData("""{"spec":{"containers":[{"image":"faultmatrix/stand-in"}]}}""", true)]
    [InlineData("""{"spec":{"containers":[{"image":"faultmatrix/stand-ins:1"}],"note":"faultmatrix/stand-in:1"}}""", false)]
    [InlineData("""{"spec":{"initContainers":[{"image":"faultmatrix/stand-in:1"}],"containers":[{"image":"dynamo"}]}}""", false)]
    public void Serve_onlyContainersThatServe_count(string manifest, bool expected) =>
        Assert.Equal(expected, StandInImages.Serve(JsonNode.Parse(manifest)));
}
