using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>The committed declarations, and binders over them.</summary>
internal static class Sut
{
    public static Declarations Declarations { get; } = Declarations.Load(Repository.Root);

    public static ParameterSet Bind(string folder, string commandLine, params IReadOnlyList<(string Name, string Value)> environment) =>
        Binder(folder, environment).Bind(CommandLineParser.Parse(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    public static ParameterBinder Binder(string folder, params IReadOnlyList<(string Name, string Value)> environment) => new(
        Declarations, folder, Path.Combine(folder, "here"), environment.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal));

    public static ExecutionPlan Plan(string targets, string? skip = null)
    {
        var binder = Binder(Path.GetTempPath());
        return ExecutionPlan.Make(
            Declarations,
            binder.Resolve(targets.Split(' ')),
            skip is null ? null : binder.Resolve(skip.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
    }
}
