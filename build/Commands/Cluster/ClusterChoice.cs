using System.Globalization;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>
/// Decides on the cluster. A cluster that somebody else uses is never hit by accident: a kubeconfig that merely lies around is used
/// only when a namespace is named too.
/// </summary>
internal static class ClusterChoice
{
    /// <summary>
    /// In order: a kubeconfig or context named by parameter; KUBECONFIG with a namespace; the cluster of ClusterUp; the cluster
    /// that the process runs in or the user's own kubeconfig, with a namespace; a local cluster of its own.
    /// </summary>
    public static async Task<ClusterUse> ResolveAsync(
        Invocation invocation, ExecutionPlan plan, bool podNetworks, CancellationToken cancellationToken)
    {
        var found = Find(invocation);
        if (found is not null)
        {
            var shown = found.Lasting is { } lasting ? $"the local cluster '{lasting.Name}'" : "another cluster";
            LocalImages.RefuseFor(invocation, shown, grove: !plan.Runs("InstallStandIn"));
            return found;
        }

        if (!plan.Runs("Deploy") && !plan.Runs("InstallStandIn"))
        {
            throw new FrontException(
                "FT0301", $"{plan.Rows.First(r => r.Target.NeedsCluster).Target.Name} needs a cluster, and none is named or running. "
                + "Start one with ./build.sh ClusterUp, or name one with --kubeconfig and --namespace.");
        }

        return plan.Runs("Teardown") ? await StartTemporaryAsync(invocation, podNetworks, cancellationToken)
            : await StartLastingAsync(invocation, cancellationToken);
    }

    /// <summary>
    /// This machine's processors where the graphs will run on it, in a local cluster; else empty. Rows at a time are then as many as it
    /// bears.
    /// </summary>
    public static string Processors(Invocation invocation) =>
        Find(invocation)?.IsLocal ?? true ? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>The cluster that is named or running, or null.</summary>
    public static ClusterUse? Find(Invocation invocation)
    {
        var parameters = invocation.Parameters;
        var given = parameters["Kubeconfig"];
        var file = given is { Items.Count: > 0 } ? given.Text : null;
        var hasNamespace = parameters.IsGiven("Namespace");
        var fromKubeconfigVariable = given?.Source == ValueSource.Environment && invocation.Environment.ContainsKey("KUBECONFIG")
            && !invocation.Environment.ContainsKey("NUKE_KUBECONFIG");
        var context = parameters.Text("Context");
        if (file is not null && (!fromKubeconfigVariable || hasNamespace || context is not null))
        {
            return new ClusterUse(
                Existing(file),
                $"Cluster: {Shown(file, context)}, named by {(fromKubeconfigVariable ? "KUBECONFIG" : "--kubeconfig")}.", false);
        }

        var home = Path.Combine(invocation.Environment.GetValueOrDefault("HOME") ?? "/", ".kube", "config");
        if (context is not null)
        {
            return new ClusterUse(Existing(home), $"Cluster: {Shown(home, context)}, named by --context.", false);
        }

        var name = parameters.Text("ClusterName") ?? "default";
        if (ClusterRecord.Read(invocation.Temp, name) is { } record && record.IsAlive())
        {
            return new ClusterUse(record.Kubeconfig, $"Cluster: local cluster '{name}', which ClusterUp started, at {record.Server}.",
                true, Lasting: record);
        }

        if (!hasNamespace)
        {
            return null;
        }

        if (invocation.Environment.ContainsKey("KUBERNETES_SERVICE_HOST"))
        {
            return new ClusterUse(null, "Cluster: the one this process runs in, as --namespace is given.", false);
        }

        return File.Exists(home) ? new ClusterUse(home, "Cluster: ~/.kube/config, as --namespace is given.", false) : null;
    }

    /// <summary>Why no cluster was found, for the line that says a local one is used.</summary>
    private static string WhyNone(Invocation invocation)
    {
        var passedOver = invocation.Parameters["Kubeconfig"] is { Items.Count: > 0 } ? "KUBECONFIG"
            : File.Exists(Path.Combine(invocation.Environment.GetValueOrDefault("HOME") ?? "/", ".kube", "config")) ? "~/.kube/config"
            : invocation.Environment.ContainsKey("KUBERNETES_SERVICE_HOST") ? "the cluster around this process" : null;
        return passedOver is null ? "no kubeconfig is named or found" : $"{passedOver} is left alone without --namespace";
    }

    private static async Task<ClusterUse> StartTemporaryAsync(
        Invocation invocation, bool podNetworks, CancellationToken cancellationToken)
    {
        var process = await LocalClusterProcess.StartAsync(LocalClusterOptions.Temporary(invocation, podNetworks), cancellationToken);
        return new ClusterUse(
            process.Kubeconfig,
            $"Cluster: a local cluster for this run at {process.Server}, with stand-in graphs, as {WhyNone(invocation)}.{process.Note}",
            true, process);
    }

    // What Deploy alone makes is to stay, so its cluster has to stay as well.
    private static async Task<ClusterUse> StartLastingAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var record = await ClusterUpCommand.StartAsync(invocation, cancellationToken);
        return new ClusterUse(
            record.Kubeconfig,
            $"Cluster: local cluster '{record.Name}', started now, as {WhyNone(invocation)}; ./build.sh ClusterDown ends it.",
            true, Lasting: record);
    }

    private static string Existing(string file) =>
        file.Contains(Path.PathSeparator, StringComparison.Ordinal) || File.Exists(file) ? file
            : throw new FrontException("FT0302", $"The kubeconfig '{file}' does not exist.");

    private static string Shown(string file, string? context) => context is null ? file : $"context '{context}' of {file}";
}
