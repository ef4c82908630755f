using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Finds the root: the folder that holds <c>.nuke</c>.</summary>
internal static class RootFolder
{
    /// <summary>
    /// <c>--root DIR</c>, bare <c>--root</c> for the current folder, <c>NUKE_ROOT</c>, else the nearest folder upwards that holds
    /// <c>.nuke</c>
    /// (not the home folder's own), first from the current folder, then from the program.
    /// </summary>
    public static string Find(ParsedCommandLine command, string currentFolder, string programFolder,
        IReadOnlyDictionary<string, string> environment)
    {
        var named = command.Find("root") is { } argument ? argument.Values.DefaultIfEmpty(currentFolder).Last()
            : environment.FirstOrDefault(e => Names.EnvironmentKey(e.Key) == "nukeroot" && e.Value.Length > 0).Value;
        if (named is not null)
        {
            var folder = Path.GetFullPath(named, currentFolder);
            return Directory.Exists(folder) ? folder : throw new FrontException("FT0108", $"The root folder '{folder}' does not exist.");
        }

        var home = environment.GetValueOrDefault("HOME");
        return Upwards(currentFolder, home) ?? Upwards(programFolder, home)
            ?? throw new FrontException(
                "FT0108", $"No folder with '.nuke' was found from '{currentFolder}' upwards; name the root with --root.");
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
