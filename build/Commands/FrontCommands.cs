namespace FaultMatrix.Build.Commands;

/// <summary>The front's own targets by name.</summary>
internal static class FrontCommands
{
    public static IFrontCommand Of(string target) => target switch
    {
        "Schema" => new SchemaCommand(),
        "Test" => new TestCommand(),
        "Pack" => new PackCommand(),
        "ClusterUp" => new ClusterUpCommand(),
        "ClusterDown" => new ClusterDownCommand(),
        _ => throw new InvalidOperationException($"The target {target} is declared to run in the front, and has no command."),
    };
}
