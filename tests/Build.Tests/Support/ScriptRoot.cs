namespace FaultMatrix.Build.Tests.Support;

/// <summary>
/// A checkout with nothing but <c>build.sh</c> and a source, and a PATH with nothing but what the script may use: a stub of dotnet, of
/// curl, and the shell's own tools. What was built and fetched stands in a log.
/// </summary>
internal sealed class ScriptRoot : IDisposable
{
    private static readonly string[] Tools =
    [
        "bash",
        "sh",
        "env",
        "cat",
        "cp",
        "chmod",
        "dirname",
        "find",
        "flock",
        "mkdir",
        "mv",
        "readlink",
        "rm",
        "sleep",
    ];
    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);

    public ScriptRoot()
    {
        foreach (var folder in new[] { "src/obj", "build", "eng", "tools" })
        {
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        }

        File.Copy(Path.Combine(Repository.Root, "build.sh"), Script);
        File.Copy(Path.Combine(Repository.Root, "global.json"), Path.Combine(Folder, "global.json"));
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Source, "");
        foreach (var tool in Tools)
        {
            var found = new[] { "/usr/bin", "/bin" }.Select(f => Path.Combine(f, tool)).FirstOrDefault(File.Exists);
            if (found is not null)
            {
                File.CreateSymbolicLink(Path.Combine(Folder, "tools", tool), found);
            }
        }

        AddStub("dotnet");
        this["PATH"] = Path.Combine(Folder, "tools");
        this["DOTNET_ROOT"] = "";
        this["STUB_LOG"] = Path.Combine(Folder, "log");
        this["STUB_DOTNET"] = Path.Combine(Repository.Tests, "Stubs", "dotnet");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("faultmatrix-script-").FullName;

    public string Script => Path.Combine(Folder, "build.sh");

    /// <summary>A file that the front is built from.</summary>
    public string Source => Path.Combine(Folder, "src", "Front.cs");

    /// <summary>What the stubs have done so far.</summary>
    public IReadOnlyList<string> Log => File.Exists(environment["STUB_LOG"]) ? File.ReadAllLines(environment["STUB_LOG"]) : [];

    /// <summary>Sets a variable of the calls that follow.</summary>
    public string this[string variable]
    {
        set => environment[variable] = value;
    }

    public void AddStub(string tool) =>
        File.CreateSymbolicLink(Path.Combine(Folder, "tools", tool), Path.Combine(Repository.Tests, "Stubs", tool));

    public void Remove(string tool) => File.Delete(Path.Combine(Folder, "tools", tool));

    public StartedProgram Start(params string[] words) => new(["bash", Script, .. words], "/", environment);

    public Task<(int ExitCode, string Output)> RunAsync(params string[] words) =>
        StartedProgram.RunAsync(["bash", Script, .. words], "/", environment);

    /// <summary>Runs a command of the shell where the script's calls run.</summary>
    public Task<(int ExitCode, string Output)> ShellAsync(string command) =>
        StartedProgram.RunAsync(["bash", "-c", command], "/", environment);

    /// <summary>Runs the script of a copy of this checkout, in a folder of this name below it.</summary>
    public Task<(int ExitCode, string Output)> MovedAsync(string folder, params string[] words)
    {
        var moved = Directory.CreateDirectory(Path.Combine(Folder, "moved", folder)).FullName;
        foreach (var file in new[] { Script, Source, Path.Combine(Folder, "global.json"), Path.Combine(Folder, "Directory.Build.props") })
        {
            var target = Path.Combine(moved, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        foreach (var below in new[] { "build", "eng" })
        {
            Directory.CreateDirectory(Path.Combine(moved, below));
        }

        return StartedProgram.RunAsync(["bash", Path.Combine(moved, "build.sh"), .. words], "/", environment);
    }

    /// <summary>Runs build.ps1 in a folder of this name below this checkout, where it finds the stub of dotnet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="before">A command of the shell that comes before.</param>
    /// <param name="words">The script's words.</param>
    public Task<(int ExitCode, string Output)> PowerShellAsync(string folder, string before, params string[] words)
    {
        var moved = Directory.CreateDirectory(Path.Combine(Folder, "moved", folder)).FullName;
        var script = Path.Combine(moved, "build.ps1");
        File.Copy(Path.Combine(Repository.Root, "build.ps1"), script, overwrite: true);
        File.Copy(Path.Combine(Folder, "global.json"), Path.Combine(moved, "global.json"), overwrite: true);
        foreach (var below in new[] { "src", "build", "eng" })
        {
            Directory.CreateDirectory(Path.Combine(moved, below));
        }

        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal)
        {
            ["HOME"] = Folder,
            ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        };
        all.Remove("DOTNET_ROOT");
        // PowerShell itself runs on a dotnet, so the stub's place is set only when it runs.
        static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        var command = $"$env:DOTNET_ROOT = {Quoted(Path.Combine(Folder, "tools"))}; & {Quoted(script)} "
            + $"{string.Join(' ', words.Select(Quoted))}; exit $LASTEXITCODE";
        return StartedProgram.RunAsync(
            ["bash", "-c", $"{before} exec \"$@\"", "bash", PowerShellTheoryAttribute.Program!, "-NoProfile", "-Command", command],
            "/",
            all
        );
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
