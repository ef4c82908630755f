using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Packing;

/// <summary>A file or a link of the archive.</summary>
/// <param name="Name">Its path in the archive, with <c>/</c>.</param>
/// <param name="Source">Where it lies now.</param>
internal readonly record struct ToolFile(string Name, string Source);

/// <summary>
/// What the tool is made of where no .NET is: this program and those that it starts, its projects, what a newcomer tries, of the runtime
/// that this process runs on what these need, and of the SDK the engine alone. MSBuild's own projects, compilers and resolvers are left
/// out: no project here names an SDK.
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

    // A program of assemblies, by the ends of its files' names: the first starts it.
    private static readonly string[] ProgramFiles = ["", ".dll", ".deps.json", ".runtimeconfig.json"];

    private static readonly string[] Left = [".pdb", ".xml", ".binlog"];

    // Of the runtime: for debuggers, dumps and tracers, and collectors that nobody chooses.
    private static readonly string[] Unused =
        ["libmscordaccore.so", "libmscordbi.so", "libcoreclrtraceptprovider.so", "createdump", "libclrgc.so", "libclrgcexp.so"];

    /// <summary>All of them.</summary>
    /// <param name="root">The checkout, whose programs are built.</param>
    /// <param name="sdk">The folder of the SDK whose engine is taken.</param>
    /// <exception cref="FrontException">FT0110: something is missing.</exception>
    public static IEnumerable<ToolFile> All(string root, string sdk)
    {
        ToolFile[] programs =
        [
            .. Programs.SelectMany(program =>
                Below(Path.Combine(root, "artifacts", "bin", program, "release"), $"artifacts/bin/{program}/release"))
                .SelectMany(file => Portable(root, file)),
            .. Engine.SelectMany(pattern => Directory.EnumerateFiles(sdk, pattern))
                .Select(file => new ToolFile($"dotnet/sdk/{Path.GetFileName(sdk)}/{Path.GetFileName(file)}", file)),
        ];
        return
        [
            .. programs,
            .. Folders.SelectMany(folder => Below(Path.Combine(root, folder), folder)),
            .. Single.Concat(Directory.EnumerateFiles(root, "scenarios*.json").Select(file => Path.GetFileName(file)!))
                .Distinct(StringComparer.Ordinal)
                .Select(file => new ToolFile(file, Path.Combine(root, file))),
            .. Scripts.Select(script => new ToolFile(script, Path.Combine(root, "deploy", "tool", script))),
            .. Runtime([.. programs.Select(file => file.Source)]),
        ];
    }

    // The archive brings a runtime, so it takes the assemblies and what starts them in the place of machine code, ten times as large.
    private static IEnumerable<ToolFile> Portable(string root, ToolFile file)
    {
        const string StandIn = "artifacts/bin/FaultTolerance.StandIn/release";
        const string Cluster = "artifacts/bin/FaultTolerance.LocalCluster/release";
        var release = Path.Combine(root, StandIn);
        var starter = Path.Combine(root, "artifacts/obj/FaultTolerance.LocalCluster/release/apphost");
        return file.Name switch
        {
            $"{Cluster}/FaultTolerance.LocalCluster" when File.Exists(starter) => [file with { Source = starter }],
            $"{StandIn}/image/lib/FaultTolerance.StandIn" when !File.Exists($"{file.Source}.dll") =>
                ProgramFiles.Select(end => new ToolFile(file.Name + end, Path.Combine(release, $"FaultTolerance.StandIn{end}"))),
            _ => [file],
        };
    }

    private static IEnumerable<ToolFile> Runtime(IReadOnlyList<string> programs)
    {
        var dotnet = DotnetRoot.Path;
        string[] parts = ["host/fxr", "shared/Microsoft.NETCore.App", "shared/Microsoft.AspNetCore.App"];
        ToolFile[] files = [.. parts.SelectMany(part => Below(Latest(Path.Combine(dotnet, part)), part, named: true))];
        var needed = NeededAssemblies.Of(programs, [.. files.Select(file => file.Source)]);
        return files.Where(file => needed.Contains(file.Source) && !Unused.Contains(Path.GetFileName(file.Source), StringComparer.Ordinal))
            .Select(file => file with { Name = $"dotnet/{file.Name}" })
            .Prepend(new ToolFile("dotnet/dotnet", Path.Combine(dotnet, "dotnet")));
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
