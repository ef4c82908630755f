using System.Diagnostics;
using FaultTolerance.LocalCluster.Network;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// Starts processes from one thread that lives as long as the program. The parent-death signal that ties a container
/// to the cluster is sent when the <em>thread</em> that forked ends, and threads of the pool come and go.
/// </summary>
internal sealed class ProcessSpawner : IDisposable
{
    private readonly NetworkThread _thread = new("process spawner");

    /// <summary>Starts a process. Errors of the start itself (no such file) come out of the task.</summary>
    /// <param name="start">What.</param>
    /// <param name="network">The network namespace that it is started in; null for the machine's.</param>
    public Task<Process> StartAsync(ProcessStartInfo start, SafeFileHandle? network = null) => _thread.InAsync(
        network, () => Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} was not started"));

    /// <summary>Ends the thread, and with it (by their parent-death signal) what it started and nobody ended.</summary>
    public void Dispose() => _thread.Dispose();
}
