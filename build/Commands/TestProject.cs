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
internal sealed record TestProject(string Name, bool RunsAlone, bool RealProcesses)
{
    /// <summary>Reads a project file; null when it holds no tests to be run here.</summary>
    public static TestProject? Read(string file)
    {
        var properties = XDocument.Load(file).Descendants().Where(e => e.Parent?.Name.LocalName == "PropertyGroup").ToLookup(e =>
            e.Name.LocalName, e => e.Value, StringComparer.Ordinal);
        return properties["ProjectType"].Contains("Test", StringComparer.Ordinal)
            ? new TestProject(Path.GetFileNameWithoutExtension(file), Says("RunsAlone"), Says("RealProcesses"))
            : null;
        bool Says(string property) => properties[property].Contains("true", StringComparer.Ordinal);
    }
}
