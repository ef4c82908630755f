using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Starts a local cluster that stays, and prints how to use it.</summary>
internal sealed class ClusterUpCommand(Invocation invocation, FrontConsole console) : IFrontCommand
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var name = invocation.Parameters.Text("ClusterName")!;
        if (ClusterRecord.Read(invocation.Temp, name) is { } running && running.IsAlive())
        {
            LocalImages.RefuseFor(invocation, $"the local cluster '{name}'");
            console.Line(Level.Information, $"Local cluster '{name}' runs already at {running.Server}.");
            console.Raw($"export KUBECONFIG={running.Kubeconfig}");
            return ExitCodes.Success;
        }

        var record = await StartAsync(invocation, cancellationToken);
        console.Line(Level.Information, $"Local cluster '{name}' is up at {record.Server}; ./build.sh ClusterDown ends it.");
        console.Raw($"export KUBECONFIG={record.Kubeconfig}");
        return ExitCodes.Success;
    }

    /// <summary>Starts the cluster and records it for later commands.</summary>
    public static async Task<ClusterRecord> StartAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var name = invocation.Parameters.Text("ClusterName")!;
        await using var process = await LocalClusterProcess.StartAsync(LocalClusterOptions.Staying(invocation, name), cancellationToken);
        var record = new ClusterRecord(name, process.Pid, ClusterRecord.StartOf(process.Pid) ?? "", process.Server, process.Kubeconfig);
        record.Write(invocation.Temp);
        return record;
    }
}
