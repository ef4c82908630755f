using System.Diagnostics;
using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Ends the cluster that ClusterUp started: that very process, not another one that has its number by now.</summary>
internal sealed class ClusterDownCommand(Invocation invocation, FrontConsole console) : IFrontCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var name = invocation.Parameters.Text("ClusterName")!;
        var record = ClusterRecord.Read(invocation.Temp, name);
        if (record is null || !record.IsAlive())
        {
            ClusterRecord.Remove(invocation.Temp, name);
            var others = ClusterRecord.Names(invocation.Temp).Where(n => ClusterRecord.Read(invocation.Temp, n)?.IsAlive() == true)
                .ToList();
            console.Line(Level.Information, $"No local cluster '{name}' is running."
                + (others.Count > 0 ? $" These are: {string.Join(", ", others)} (--cluster-name)." : ""));
            return ExitCodes.Success;
        }

        await EndAsync(record, cancellationToken);
        ClusterRecord.Remove(invocation.Temp, name);
        console.Line(Level.Information, $"Local cluster '{name}' is down.");
        return ExitCodes.Success;
    }

    private static async Task EndAsync(ClusterRecord record, CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{record.Pid}"]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await record.EndedAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FrontException(
                "FT0317", $"Local cluster '{record.Name}' (process {record.Pid}) did not end within {Patience.TotalSeconds:0} s; "
                + $"kill -9 {record.Pid} ends it.");
        }
    }
}
