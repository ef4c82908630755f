using System.Runtime.InteropServices;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands.Packing;

/// <summary>Makes the package of the tasks, and on Linux the archive of the whole tool.</summary>
internal sealed class PackCommand(string root, FrontConsole console) : IFrontCommand
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var run = await ProgramRun.RunAsync(
            ProgramRun.Dotnet, ["pack", "src/FaultTolerance.Tasks/FaultTolerance.Tasks.csproj", "-c", "Release", "-p:FaultPack=true",
                // The same sources are judged by every build of the tests.
                "-p:RunAnalyzers=false", "-nologo", "-v:q", "-nodeReuse:false", "--tl:off"], root, cancellationToken);
        if (run.ExitCode != 0)
        {
            console.Raw(ForeignText.Block(run.Output));
            return ExitCodes.NotMeasured;
        }

        var folder = Path.Combine(root, "artifacts", "package", "release");
        foreach (var file in Directory.GetFiles(folder, "FaultTolerance.Tasks.*").Order(StringComparer.Ordinal))
        {
            console.Line(Level.Information, Path.GetRelativePath(root, file));
        }

        if (OperatingSystem.IsLinux())
        {
            var version = typeof(PackCommand).Assembly.GetName().Version!.ToString(3);
            var file = Path.Combine(folder, $"faultmatrix-{version}-{RuntimeInformation.RuntimeIdentifier}.tar.gz");
            await ToolArchive.WriteAsync(
                file, $"faultmatrix-{version}", ToolFiles.All(root, EngineLoader.SdkFolder(root)), cancellationToken);
            console.Line(Level.Information, $"{Path.GetRelativePath(root, file)} ({new FileInfo(file).Length / 1_000_000.0:0} MB)");
        }

        return ExitCodes.Success;
    }
}
