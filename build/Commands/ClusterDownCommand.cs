using System.Diagnostics;
using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Ends the cluster that ClusterUp started: that very process, not another one that has its number by now.</summary>
internal sealed class ClusterDownCommand : IFrontCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<int> RunAsync(FrontContext context, CancellationToken cancellationToken)
    {
        var name = context.Parameters.Text("ClusterName")!;
        var record = ClusterRecord.Read(context.Temp, name);
        if (record is null || !record.IsAlive())
        {
            ClusterRecord.Remove(context.Temp, name);
            var others = ClusterRecord.Names(context.Temp).Where(n => ClusterRecord.Read(context.Temp, n)?.IsAlive() == true).ToList();
            context.Console.Line(Level.Information, $"No local cluster '{name}' is running."
                + (others.Count > 0 ? $" These are: {string.Join(", ", others)} (--cluster-name)." : ""));
            return ExitCodes.Success;
        }

        await EndAsync(record, cancellationToken);
        ClusterRecord.Remove(context.Temp, name);
        File.Delete(record.Kubeconfig);
        File.Delete(Path.ChangeExtension(record.Kubeconfig, ".log"));
        context.Console.Line(Level.Information, $"Local cluster '{name}' is down.");
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
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            // Not our child, so its end cannot be awaited.
            while (record.IsAlive())
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FrontException("FT0304", $"Local cluster '{record.Name}' (process {record.Pid}) did not end within {Patience.TotalSeconds:0} s; kill -9 {record.Pid} ends it.");
        }
    }
}
