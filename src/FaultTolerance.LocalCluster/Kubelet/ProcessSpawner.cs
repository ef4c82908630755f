using System.Collections.Concurrent;
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
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly SafeFileHandle _home = NetworkNamespaces.Own();

    public ProcessSpawner()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "process spawner" };
        _thread.Start();
    }

    /// <summary>Starts a process. Errors of the start itself (no such file) come out of the task.</summary>
    /// <param name="start">What.</param>
    /// <param name="network">The network namespace that it is started in; null for the machine's.</param>
    public Task<Process> StartAsync(ProcessStartInfo start, SafeFileHandle? network = null)
    {
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                if (network is not null)
                {
                    NetworkNamespaces.Enter(network);
                }

                done.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} was not started"));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException
                or ObjectDisposedException)
            {
                done.SetException(e);
            }
            finally
            {
                if (network is not null)
                {
                    NetworkNamespaces.Enter(_home);
                }
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread, and with it (by their parent-death signal) what it started and nobody ended.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
        _home.Dispose();
    }

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
