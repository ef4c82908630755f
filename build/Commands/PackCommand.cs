using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Makes the package of the tasks.</summary>
internal sealed class PackCommand(string root, FrontConsole console) : IFrontCommand
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var run = await ProgramRun.RunAsync(
            ProgramRun.Dotnet, ["pack", "src/FaultTolerance.Tasks/FaultTolerance.Tasks.csproj", "-c", "Release", "-p:FaultPack=true",
                "-nologo", "-v:q", "-nodeReuse:false", "--tl:off"], root, cancellationToken);
        if (run.ExitCode != 0)
        {
            console.Raw(ForeignText.Block(run.Output));
            return ExitCodes.NotMeasured;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(root, "artifacts", "package", "release"), "FaultTolerance.Tasks.*")
            .Order(StringComparer.Ordinal))
        {
            console.Line(Level.Information, Path.GetRelativePath(root, file));
        }

        return ExitCodes.Success;
    }
}
