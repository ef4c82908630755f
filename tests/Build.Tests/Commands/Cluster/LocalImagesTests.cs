using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Commands.Cluster;

public sealed class LocalImagesTests
{
    [Fact]
    public void Of_each_image_gives_its_folder_from_the_root() => Assert.Equal(
        [$"dynamo={Path.Combine(Repository.Root, "deploy")}", $"other={Path.Combine(Repository.Root, "docs")}"],
        LocalImages.Of(Given($"dynamo=deploy other={Path.Combine(Repository.Root, "docs")}")));

    [Theory]
    [InlineData("dynamo", "--local-image takes NAME=DIR, not 'dynamo'.")]
    [InlineData("=deploy", "--local-image takes NAME=DIR, not '=deploy'.")]
    [InlineData("dynamo=", "--local-image takes NAME=DIR, not 'dynamo='.")]
    [InlineData("dynamo=no-such-folder", "--local-image dynamo: there is no folder '")]
    public void Of_what_is_no_image_is_refused(string image, string message)
    {
        var error = Assert.Throws<FrontException>(() => LocalImages.Of(Given(image)));
        Assert.StartsWith($"FT0103: {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseFor_a_cluster_that_runs_already_says_where_images_belong()
    {
        LocalImages.RefuseFor(Given(null), "another cluster");
        var error = Assert.Throws<FrontException>(() => LocalImages.RefuseFor(Given("dynamo=deploy"), "another cluster"));
        Assert.StartsWith("FT0119: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("./build.sh ClusterUp", error.Message, StringComparison.Ordinal);
    }

    private static Invocation Given(string? images) => new(
        Repository.Root, Sut.Declarations, images is null ? new ParameterSet([]) : Sut.Bind(Repository.Root, $"--local-image {images}"),
        new Dictionary<string, string>(StringComparer.Ordinal));
}
