using System;
using System.IO;
using System.Linq;
using System.Text;
using Nuke.Common;
using Nuke.Common.Tooling;

/// <summary>
/// The matrix for teams whose build is NUKE: the same names, the same MSBuild targets. On its own, ./build.sh does more: it starts a
/// local cluster, tears down after a signal, and shows progress. Parameters and targets are in Build.Members.cs.
/// </summary>
partial class Build : NukeBuild
{
    static readonly string Folder = FolderOf("_build.csproj");

    string newRun;
    bool planned;

    // The root is this folder wherever the program is called from: NUKE writes its files there, and the checkout's own are not its.
    public static int Main()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NUKE_ROOT")))
        {
            Environment.SetEnvironmentVariable("NUKE_ROOT", Folder);
        }

        return Execute<Build>(x => x.FaultMatrix);
    }

    // Load and Inject are one call where both are asked for, since the failure falls into the load.
    void Call(string target)
    {
        bool Scheduled(string name) => ScheduledTargets.Any(t => t.Name == name);
        bool Done(string name) => FinishedTargets.Any(t => t.Name == name);
        if (List)
        {
            if (!planned)
            {
                planned = true;
                MSBuild("Plan", skip: "");
            }
        }
        else if (target == nameof(Load) && Scheduled(nameof(Inject)))
        {
            MSBuild(nameof(FaultMatrix), skip: ";Deploy;Collect;Teardown;Parse;");
        }
        else if (target != nameof(Inject) || !Done(nameof(Load)))
        {
            MSBuild(target, skip: "");
        }
    }

    // Node reuse is off: a node that stays would keep an older task assembly. Values are escaped as MSBuild reads them, so that no quotes
    // are needed.
    void MSBuild(string target, string skip)
    {
        var project = Path.Combine(Folder, "..", "matrix.proj");
        var arguments = new StringBuilder($"msbuild \"{project}\" -nologo -t:{target} -m:{Parallelism ?? 1} -nodeReuse:false");
        foreach (var (name, value) in Given().Where(g => g.Name != nameof(Run)).Append((nameof(Run), RunOf(target)))
            .Append(("_FtSkip", skip)))
        {
            if (!string.IsNullOrEmpty(value))
            {
                arguments.Append($" -p:{name}={Escaped(value)}");
            }
        }

        ProcessTasks.StartProcess("dotnet", arguments.ToString(), Folder).AssertZeroExitCode();
    }

    // One run for all targets of a call that makes one; else the run that is named, or the latest.
    string RunOf(string target) => !string.IsNullOrEmpty(Run) ? Run
        : newRun ??= target is nameof(FaultMatrix) or nameof(Deploy)
            ? $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Random.Shared.Next(0x10000):x4}" : null;

    static string Joined(string[] values) => values is null ? "" : string.Join(";", values);

    // KUBECONFIG may be a list of files: that one is left as it is.
    static string Full(string path) => string.IsNullOrEmpty(path) || path.Contains(Path.PathSeparator) ? path : Path.GetFullPath(path);

    static string Escaped(string value) => string.Concat(value
        .Select(c => char.IsAsciiLetterOrDigit(c) || c > '\u007f' || "._-/:+@".Contains(c) ? $"{c}" : $"%{(int)c:X2}"));

    static string FolderOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Parent is not null && !File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
