using FaultTolerance.Tasks.Sessions;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace FaultTolerance.Tasks;

/// <summary>
/// Gives the namespace back that this process holds for a run. The front calls it when nothing is left to do; under plain MSBuild the end
/// of the build does the same.
/// </summary>
public sealed class ReleaseNamespace : Task
{
    /// <inheritdoc/>
    public override bool Execute()
    {
        NamespaceHold.Release((IBuildEngine4)BuildEngine, hosted: true);
        return true;
    }
}
