namespace FaultMatrix.Build.Model;

/// <summary>
/// Where the program's own files lie: its projects, programs and manifests. In a checkout that is the root. An unpacked archive of the tool
/// says so by a file, and works in whatever folder it is called from: scenarios, results and parameters are that folder's.
/// </summary>
internal static class ToolHome
{
    /// <summary>The file in the archive's folder that makes it one.</summary>
    public const string Marker = ".faultmatrix-home";

    // artifacts/bin/_build/release, in the archive as in a checkout.
    private const int Depth = 4;

    /// <summary>The archive's folder, where the program is one's; else the root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="programFolder">The folder of the front's program.</param>
    public static string Of(string root, string programFolder)
    {
        var folder = new DirectoryInfo(programFolder);
        for (var i = 0; i < Depth && folder is not null; i++)
        {
            folder = folder.Parent;
        }

        return folder is not null && File.Exists(Path.Combine(folder.FullName, Marker)) ? folder.FullName : root;
    }
}
