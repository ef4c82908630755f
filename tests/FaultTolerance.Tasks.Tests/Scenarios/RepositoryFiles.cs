using System.Runtime.CompilerServices;

namespace FaultTolerance.Tests.Scenarios;

/// <summary>Files of this repository that are themselves under test.</summary>
internal static class RepositoryFiles
{
    public static string Scenarios => Path.Combine(Root(), "scenarios.json");

    public static string Schema => Path.Combine(Root(), "scenarios.schema.json");

    public static string Parameters => Path.Combine(Root(), "src", "FaultTolerance.Tasks", "build", "FaultTolerance.Parameters.props");

    private static string Root([CallerFilePath] string self = "") => Path.GetFullPath("../../..", Path.GetDirectoryName(self)!);
}
