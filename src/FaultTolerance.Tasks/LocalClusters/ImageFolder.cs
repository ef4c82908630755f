using System.Runtime.Versioning;

namespace FaultTolerance.LocalClusters;

/// <summary>
/// A folder that is an image on a local cluster, made of a portable program: the program with a host of this machine in <c>lib/</c>, links
/// to it in <c>bin/</c> under the names that it is called by, and <c>image.json</c>. A package can hold neither a host nor a link.
/// </summary>
/// <param name="Assembly">The program's assembly; what lies beside it belongs to it.</param>
/// <param name="HostTemplate">The SDK's template of a host.</param>
/// <param name="Names">The names that it is called by.</param>
/// <param name="Json">What <c>image.json</c> holds.</param>
[SupportedOSPlatform("linux")]
internal sealed record ImageFolder(string Assembly, string HostTemplate, IReadOnlyList<string> Names, string Json)
{
    /// <summary>Makes it; a folder that is there is replaced.</summary>
    /// <param name="folder">Where.</param>
    /// <exception cref="FaultMatrixException">FT0303: the SDK has no host.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Make(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var lib = Directory.CreateDirectory(Path.Combine(folder, "lib")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(Assembly))!))
        {
            File.Copy(file, Path.Combine(lib, Path.GetFileName(file)));
        }

        var program = Path.GetFileNameWithoutExtension(Assembly);
        ProgramHost.Write(HostTemplate, Path.Combine(lib, program), Path.GetFileName(Assembly));
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        foreach (var name in Names)
        {
            File.CreateSymbolicLink(Path.Combine(bin, name), Path.Combine("..", "lib", program));
        }

        File.WriteAllText(Path.Combine(folder, "image.json"), Json);
    }
}
