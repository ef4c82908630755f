using FaultMatrix.Build.Commands.Packing;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>A target that the front runs by itself.</summary>
internal interface IFrontCommand
{
    /// <returns>An exit code.</returns>
    Task<int> RunAsync(CancellationToken cancellationToken);
}

/// <summary>The front's own targets by name.</summary>
internal static class FrontCommands
{
    public static IFrontCommand Of(string target, Invocation invocation, FrontOutput output) => target switch
    {
        "Schema" => new SchemaCommand(invocation.Root, invocation.Declarations, output.Console),
        "Test" => new TestCommand(invocation.Root, output),
        "Pack" => new PackCommand(invocation.Root, output.Console),
        "ClusterUp" => new ClusterUpCommand(invocation, output.Console),
        "ClusterDown" => new ClusterDownCommand(invocation, output.Console),
        _ => throw new InvalidOperationException($"The target {target} is declared to run in the front, and has no command."),
    };
}
