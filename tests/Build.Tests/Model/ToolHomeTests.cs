using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Tests.Model;

public sealed class ToolHomeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    private string Program => Path.Combine(_folder, "artifacts", "bin", "_build", "release");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_a_checkout_is_the_root() => Assert.Equal("/root-folder", ToolHome.Of("/root-folder", Program));

    [Fact]
    public void Of_an_unpacked_archive_is_its_folder()
    {
        File.WriteAllText(Path.Combine(_folder, ToolHome.Marker), "");

        Assert.Equal(_folder, ToolHome.Of("/root-folder", Program));
        Assert.Equal(_folder, ToolHome.Of("/root-folder", Program + "/"));
    }

    [Theory]
    [InlineData("/cache", "/home/me", "/cache/faultmatrix")]
    [InlineData("", "/home/me", "/home/me/.cache/faultmatrix")]
    [InlineData("relative", "/home/me", "/home/me/.cache/faultmatrix")]
    public void Temp_of_a_tool_in_a_folder_of_somebodys_is_the_users_cache(string cache, string home, string temp)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CACHE_HOME"] = cache, ["HOME"] = home };

        Assert.Equal(temp, Of(environment).Temp);
    }

    [Fact]
    public void Temp_without_a_home_is_where_temporary_files_are() =>
        Assert.Equal(Path.Combine(Path.GetTempPath(), "faultmatrix"), Of(new Dictionary<string, string>(StringComparer.Ordinal)).Temp);

    [Fact]
    public void Temp_where_the_root_has_a_nuke_folder_is_in_it()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".nuke"));

        Assert.Equal(Path.Combine(_folder, ".nuke", "temp"), Of(new Dictionary<string, string>(StringComparer.Ordinal)).Temp);
    }

    private Invocation Of(Dictionary<string, string> environment) => new(
        _folder, new Declarations([], []), new ParameterSet([]), environment, "/opt/faultmatrix");
}
