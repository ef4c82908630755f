using System.Xml.Linq;

namespace FaultMatrix.Build.Commands;

/// <summary>A test program, as its project file describes it.</summary>
/// <param name="Name">Of project and program.</param>
/// <param name="RunsAlone">It measures: nothing else may run beside it.</param>
/// <param name="RealProcesses">
/// Its tests start processes and clusters, on a machine that may be busy with something else. What fails is run a second time, by itself;
/// both attempts are shown, and the end of the output names what passed only then. Tests of pure code get no second attempt: there a
/// failure that comes and goes is a fault.
/// </param>
/// <param name="RunsUnder">
/// The environment variable that names a program to run it under, such as one that starts a cluster first, or empty. Where the variable is
/// set, that program is started with <c>--</c> and the test program's command line behind it.
/// </param>
internal sealed record TestProject(string Name, bool RunsAlone, bool RealProcesses, string RunsUnder = "")
{
    /// <summary>What to start for its tests.</summary>
    /// <param name="program">The test program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public (string Program, IReadOnlyList<string> Arguments) Command(string program, IReadOnlyList<string> arguments,
        Func<string, string?> environment) =>
        RunsUnder.Length > 0 && environment(RunsUnder) is { Length: > 0 } wrapper
            ? (wrapper, ["--", program, .. arguments])
            : (program, arguments);

    /// <summary>Reads a project file; null when it holds no tests to be run here.</summary>
    public static TestProject? Read(string file)
    {
        var properties = XDocument.Load(file).Descendants().Where(e => e.Parent?.Name.LocalName == "PropertyGroup").ToLookup(e =>
            e.Name.LocalName, e => e.Value, StringComparer.Ordinal);
        return properties["ProjectType"].Contains("Test", StringComparer.Ordinal)
            ? new TestProject(Path.GetFileNameWithoutExtension(file), Says("RunsAlone"), Says("RealProcesses"),
                properties["RunsUnder"].FirstOrDefault() ?? "")
            : null;
        bool Says(string property) => properties[property].Contains("true", StringComparer.Ordinal);
    }
}
