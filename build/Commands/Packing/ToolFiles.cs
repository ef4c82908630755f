using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Packing;

/// <summary>A file or a link of the archive.</summary>
/// <param name="Name">Its path in the archive, with <c>/</c>.</param>
/// <param name="Source">Where it lies now.</param>
internal readonly record struct ToolFile(string Name, string Source);

/// <summary>
/// What the tool is made of where no .NET is: this program and those that it starts, its projects, what a newcomer tries, the runtime that
/// this process runs on, and of the SDK the engine alone. MSBuild's own projects, compilers and resolvers are left out: no project here
/// names an SDK.
/// </summary>
internal static class ToolFiles
{
    private static readonly string[] Programs =
        ["_build", "FaultTolerance.Tasks", "FaultTolerance.LoadWorker", "FaultTolerance.LocalCluster", "FaultTolerance.StandIn"];

    private static readonly string[] Folders = ["deployments", "deploy/stand-in", "src/FaultTolerance.Tasks/build"];

    private static readonly string[] Single =
        ["global.json", "build/matrix.proj", "build/scenario.proj", "scenarios.schema.json", "deploy/rbac.yaml", "LICENSE", "README.md"];

    private static readonly string[] Scripts = ["faultmatrix", "faultmatrix-load"];

    private static readonly string[] Engine =
    [
        ".version", "dotnet.dll", "dotnet.deps.json", "dotnet.runtimeconfig.json", "MSBuild.dll", "MSBuild.deps.json",
        "MSBuild.runtimeconfig.json", "Microsoft.Build*.dll", "Microsoft.NET.StringTools.dll", "*.tasks", "*.overridetasks",
        "System.*.dll",
    ];

    private static readonly string[] Left = [".pdb", ".xml", ".binlog"];

    /// <summary>All of them.</summary>
    /// <param name="root">The checkout, whose programs are built.</param>
    /// <param name="sdk">The folder of the SDK whose engine is taken.</param>
    /// <exception cref="FrontException">FT0110: something is missing.</exception>
    public static IEnumerable<ToolFile> All(string root, string sdk) =>
        [
            .. Programs.SelectMany(program =>
                Below(Path.Combine(root, "artifacts", "bin", program, "release"), $"artifacts/bin/{program}/release")),
            .. Folders.SelectMany(folder => Below(Path.Combine(root, folder), folder)),
            .. Single.Concat(Directory.EnumerateFiles(root, "scenarios*.json").Select(file => Path.GetFileName(file)!))
                .Distinct(StringComparer.Ordinal)
                .Select(file => new ToolFile(file, Path.Combine(root, file))),
            .. Scripts.Select(script => new ToolFile(script, Path.Combine(root, "deploy", "tool", script))),
            .. Runtime(),
            .. Engine.SelectMany(pattern => Directory.EnumerateFiles(sdk, pattern))
                .Select(file => new ToolFile($"dotnet/sdk/{Path.GetFileName(sdk)}/{Path.GetFileName(file)}", file)),
        ];

    private static IEnumerable<ToolFile> Runtime()
    {
        var dotnet = DotnetRoot.Path;
        yield return new ToolFile("dotnet/dotnet", Path.Combine(dotnet, "dotnet"));
        string[] parts = ["host/fxr", "shared/Microsoft.NETCore.App", "shared/Microsoft.AspNetCore.App"];
        foreach (var file in parts.SelectMany(part => Below(Latest(Path.Combine(dotnet, part)), part, named: true)))
        {
            yield return file with { Name = $"dotnet/{file.Name}" };
        }
    }

    // Of several versions the newest of this process's own: programs roll forward to it.
    private static string Latest(string folder) =>
        Directory.Exists(folder)
            && Directory.EnumerateDirectories(folder)
                .Select(one => (Folder: one, Version: Version.TryParse(Path.GetFileName(one), out var version) ? version : null))
                .Where(one => one.Version?.Major == Environment.Version.Major).MaxBy(one => one.Version).Folder is { } latest
        ? latest
        : throw new FrontException("FT0110", $"'{folder}' holds no .NET {Environment.Version.Major}, which the tool's archive needs.");

    private static IEnumerable<ToolFile> Below(string folder, string name, bool named = false)
    {
        if (!Directory.Exists(folder))
        {
            throw new FrontException("FT0110", $"'{folder}' is missing, which the tool's archive needs.");
        }

        var prefix = named ? $"{name}/{Path.GetFileName(folder)}" : name;
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !Left.Contains(Path.GetExtension(file), StringComparer.Ordinal))
            .Select(file => new ToolFile($"{prefix}/{Path.GetRelativePath(folder, file).Replace('\\', '/')}", file));
    }
}
