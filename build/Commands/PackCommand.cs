using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Makes the package of the tasks.</summary>
internal sealed class PackCommand : IFrontCommand
{
    public async Task<int> RunAsync(FrontContext context, CancellationToken cancellationToken)
    {
        var run = await ProgramRun.RunAsync(
            ProgramRun.Dotnet, ["pack", "src/FaultTolerance.Tasks/FaultTolerance.Tasks.csproj", "-c", "Release", "-p:FaultPack=true", "-nologo", "-v:q", "-nodeReuse:false", "--tl:off"], context.Root, cancellationToken);
        if (run.ExitCode != 0)
        {
            context.Console.Raw(run.Output.TrimEnd());
            return ExitCodes.NotMeasured;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(context.Root, "artifacts", "package", "release"), "FaultTolerance.Tasks.*").Order(StringComparer.Ordinal))
        {
            context.Console.Line(Level.Information, Path.GetRelativePath(context.Root, file));
        }

        return ExitCodes.Success;
    }
}
