using FaultTolerance.Cluster;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>A task that talks to a cluster about a run.</summary>
public abstract class ClusterTask : AsyncTask
{
    /// <summary>Kubeconfig; empty looks where every client looks.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>Context; empty takes the current one.</summary>
    public string Context { get; set; } = "";

    /// <summary>Namespace; empty takes the context's.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>
    /// The parameters as the metadata of one item, for tasks that are all given the same; what it has no metadata for is empty. Given
    /// beside
    /// single parameters, the later of the two counts.
    /// </summary>
    public ITaskItem? Parameters
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                Take(value.GetMetadata);
            }
        }
    }

    /// <summary>Takes the parameters from where they stand by name.</summary>
    private protected virtual void Take(Func<string, string> parameter)
    {
        Kubeconfig = parameter(nameof(Kubeconfig));
        Context = parameter(nameof(Context));
        Namespace = parameter(nameof(Namespace));
    }

    /// <summary>Connects to the cluster and the namespace.</summary>
    internal Task<ClusterSession> ConnectAsync(CancellationToken cancellation) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions
            {
                Kubeconfig = ScenarioSource.Given(Kubeconfig),
                Context = ScenarioSource.Given(Context),
                Namespace = ScenarioSource.Given(Namespace),
            },
            Time,
            cancellation);

    /// <summary>A duration given in seconds (<c>90</c>, <c>1.5</c>), or a default when none is given.</summary>
    internal static TimeSpan Seconds(string value, TimeSpan otherwise) =>
        value.Length == 0 ? otherwise : TimeSpan.FromSeconds(double.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
}
