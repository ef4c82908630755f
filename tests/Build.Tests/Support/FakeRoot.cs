namespace FaultMatrix.Build.Tests.Support;

/// <summary>A root folder of its own with our projects and targets, over tasks that only keep a journal.</summary>
internal sealed class FakeRoot : IDisposable
{
    public FakeRoot()
    {
        Folder = Directory.CreateTempSubdirectory("faultmatrix-test-").FullName;
        Copy(Path.Combine(Repository.Tests, "FakeRoot"), Folder);
        Directory.CreateDirectory(Path.Combine(Folder, ".nuke"));
        Directory.CreateDirectory(Path.Combine(Folder, "build"));
        foreach (
            var file in new[] { "build/matrix.proj", "build/scenario.proj" }.Concat(
                new[] { "Parameters.props", "Matrix.targets", "Scenario.targets" }.Select(f =>
                    $"src/FaultTolerance.Tasks/build/FaultTolerance.{f}"
                )
            )
        )
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(Folder, file));
        }

        File.WriteAllText(Kubeconfig, "apiVersion: v1\n");
    }

    public string Folder { get; }

    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public string Temp => Path.Combine(Folder, ".nuke", "temp");

    /// <summary>What the tasks have written so far.</summary>
    public IReadOnlyList<string> Journal => File.Exists(JournalFile) ? File.ReadAllLines(JournalFile) : [];

    public string FakeClusterPidFile => Path.Combine(Folder, "artifacts", "bin", "FaultTolerance.LocalCluster", "release", "pid");

    /// <summary>DOTNET_ROOT as the fake cluster saw it.</summary>
    public string FakeClusterDotnetRootFile => Path.Combine(Path.GetDirectoryName(FakeClusterPidFile)!, "dotnet-root");

    private string JournalFile => Path.Combine(Folder, "journal.txt");

    /// <summary>
    /// A program that keeps the local cluster's contract: readiness line, kubeconfig, end with standard input or SIGTERM.
    /// </summary>
    public void AddFakeCluster()
    {
        var folder = Path.Combine(Folder, "artifacts", "bin", "FaultTolerance.LocalCluster", "release");
        Directory.CreateDirectory(folder);
        var program = Path.Combine(folder, "FaultTolerance.LocalCluster");
        File.Copy(Path.Combine(Repository.Tests, "FakeRoot", "fake-cluster.sh"), program);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
