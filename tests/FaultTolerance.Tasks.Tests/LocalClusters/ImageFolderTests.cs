using System.Runtime.Versioning;
using System.Text;
using FaultTolerance.LocalClusters;

namespace FaultTolerance.Tests.LocalClusters;

/// <summary>A portable program becomes an image: a host of this machine, and links to it.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImageFolderTests : IDisposable
{
    private const string Place = "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2";
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Make_gives_the_program_a_host_and_links_by_its_names()
    {
        var image = Path.Combine(_folder, "image");
        Of("some native code " + Place + " and more of it").Make(image);

        Assert.Equal("assembly", File.ReadAllText(Path.Combine(image, "lib", "Program.dll")));
        Assert.Equal("settings", File.ReadAllText(Path.Combine(image, "lib", "Program.runtimeconfig.json")));
        var host = Path.Combine(image, "lib", "Program");
        Assert.Equal(
            "some native code Program.dll" + new string('\0', Place.Length - "Program.dll".Length) + " and more of it",
            Encoding.UTF8.GetString(File.ReadAllBytes(host)));
        Assert.True(File.GetUnixFileMode(host).HasFlag(UnixFileMode.UserExecute));
        var links = Directory.GetFiles(Path.Combine(image, "bin"));
        Assert.Equal(["VLLM::EngineCore", "python3"], links.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(links, link =>
            Assert.Equal(host, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(image, "image.json")));
    }

    [Fact]
    public void Make_replaces_what_an_earlier_one_left()
    {
        var image = Path.Combine(_folder, "image");
        Directory.CreateDirectory(Path.Combine(image, "bin"));
        File.WriteAllText(Path.Combine(image, "bin", "python3"), "old");
        File.WriteAllText(Path.Combine(image, "bin", "older"), "old");

        Of(Place).Make(image);

        Assert.NotNull(new FileInfo(Path.Combine(image, "bin", "python3")).LinkTarget);
        Assert.False(File.Exists(Path.Combine(image, "bin", "older")));
    }

    [Theory]
    [InlineData(null, "this SDK has none")]
    [InlineData("something else", "no template of a program")]
    public void Make_without_a_template_of_the_SDK_is_refused(string? template, string reason)
    {
        var error = Assert.Throws<FaultMatrixException>(() => Of(template).Make(Path.Combine(_folder, "image")));

        Assert.Equal("FT0303", error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private ImageFolder Of(string? template)
    {
        var program = Directory.CreateDirectory(Path.Combine(_folder, "program")).FullName;
        File.WriteAllText(Path.Combine(program, "Program.dll"), "assembly");
        File.WriteAllText(Path.Combine(program, "Program.runtimeconfig.json"), "settings");
        var host = Path.Combine(_folder, "apphost");
        if (template is not null)
        {
            File.WriteAllText(host, template);
        }

        return new ImageFolder(Path.Combine(program, "Program.dll"), host, ["python3", "VLLM::EngineCore"], "{}");
    }
}
