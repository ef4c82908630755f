using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>What a command works with.</summary>
internal sealed record FrontContext(
    string Root,
    Declarations Declarations,
    ParameterSet Parameters,
    ParameterBinder Binder,
    IReadOnlyDictionary<string, string> Environment,
    FrontConsole Console,
    string Host,
    HostFormat Format,
    bool Interactive,
    TimeProvider Time)
{
    /// <summary>The folder for files that may go at any time.</summary>
    public string Temp => Path.Combine(Root, ".nuke", "temp");
}

/// <summary>A target that the front runs by itself.</summary>
internal interface IFrontCommand
{
    /// <returns>An exit code.</returns>
    Task<int> RunAsync(FrontContext context, CancellationToken cancellationToken);
}
