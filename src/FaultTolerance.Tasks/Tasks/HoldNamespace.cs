using FaultTolerance.Tasks.Sessions;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// Takes the namespace for a run that is gone on with, where this build does not hold it yet: another run would take what it finds there
/// for leftovers, and remove the graph that is under load. It is given back as after <see cref="PrepareRun"/>.
/// </summary>
public sealed class HoldNamespace : ClusterTask
{
    /// <summary>The run's id.</summary>
    [Required]
    public string Run { get; set; } = "";

    /// <summary>The run's folder, where a loss is noted.</summary>
    [Required]
    public string RunFolder { get; set; } = "";

    /// <summary>Set to wait for another run in the namespace to end instead of refusing.</summary>
    public bool Wait { get; set; }

    /// <summary>Set where the front runs the build: it releases the namespace itself.</summary>
    public bool Hosted { get; set; }

    /// <summary>Set where the cluster ends with the build: the namespace is not given back then.</summary>
    public bool ClusterEnds { get; set; }

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var hold = await NamespaceHold.OfBuildAsync(
            (IBuildEngine4)BuildEngine,
            Hosted,
            ClusterEnds,
            () => ConnectAsync(cancellation),
            Run,
            Wait,
            text => Log.LogMessage(MessageImportance.High, "{0}", text),
            cancellation
        );
        hold.NoteIn(RunFolder);
    }
}
