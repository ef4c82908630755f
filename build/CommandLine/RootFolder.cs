using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Finds the root: the folder that holds <c>.nuke</c>.</summary>
internal static class RootFolder
{
    /// <summary>
    /// <c>--root DIR</c>, bare <c>--root</c> for the current folder, else the nearest folder upwards that holds <c>.nuke</c>
    /// (not the home folder's own), first from the current folder, then from the program.
    /// </summary>
    public static string Find(ParsedCommandLine command, string currentFolder, string programFolder, string? home)
    {
        if (command.Find("root") is { } argument)
        {
            var folder = argument.Values.Count == 0 ? currentFolder : Path.GetFullPath(argument.Values[^1], currentFolder);
            return Directory.Exists(folder) ? folder : throw new FrontException("FT0108", $"The root folder '{folder}' does not exist.");
        }

        return Upwards(currentFolder, home) ?? Upwards(programFolder, home)
            ?? throw new FrontException("FT0108", $"No folder with '.nuke' was found from '{currentFolder}' upwards; name the root with --root.");
    }

    private static string? Upwards(string folder, string? home)
    {
        for (var d = new DirectoryInfo(folder); d is not null; d = d.Parent)
        {
            if (Directory.Exists(Path.Combine(d.FullName, ".nuke")) && d.FullName != home)
            {
                return d.FullName;
            }
        }

        return null;
    }
}
