using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// Does one piece of work after the other on a thread that lives as long as this, where asked within a network namespace: that is a
/// thread's. So is the parent-death signal of a process, which comes when the thread ends that forked it.
/// </summary>
internal sealed class NetworkThread : IDisposable
{
    private const string OfThread = "/proc/thread-self/ns/net";
    private const int NewNet = 0x40000000;
    private readonly BlockingCollection<Task> _work = [];
    private readonly SafeFileHandle _home = Own();
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name, for debuggers.</param>
    public NetworkThread(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Does work on the thread.</summary>
    /// <param name="work">What; its exceptions come out of the task.</param>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var task = new Task<T>(work, TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(task);
        return task;
    }

    /// <summary>Does work within a namespace.</summary>
    /// <param name="space">The namespace; null for the machine's.</param>
    /// <param name="work">What; its exceptions come out of the task.</param>
    public Task<T> InAsync<T>(SafeFileHandle? space, Func<T> work) => space is null ? RunAsync(work) : RunAsync(() =>
    {
        Enter(space);
        return HomeAfter(work);
    });

    /// <summary>For work that has left the machine's namespace: does the rest of it, and brings the thread back.</summary>
    public T HomeAfter<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return work();
        }
        finally
        {
            Enter(_home);
        }
    }

    /// <summary>The calling thread's namespace.</summary>
    public static SafeFileHandle Own() => File.OpenHandle(OfThread);

    /// <summary>Ends the thread when the work that was given has been done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
        _home.Dispose();
    }

    private static void Enter(SafeFileHandle space)
    {
        var added = false;
        try
        {
            space.DangerousAddRef(ref added);
            if (setns((int)space.DangerousGetHandle(), NewNet) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            if (added)
            {
                space.DangerousRelease();
            }
        }
    }

    private void Run()
    {
        foreach (var task in _work.GetConsumingEnumerable())
        {
            task.RunSynchronously(TaskScheduler.Default);
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setns(int fd, int type);
}
