using System.Diagnostics;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.EngineCore;

/// <summary>The tensor-parallel ranks of an engine core; each ends when its standard input does.</summary>
internal sealed class ChildProcesses : IDisposable
{
    private readonly List<Process> _children = [];

    public ChildProcesses(IEnumerable<string> names)
    {
        var anyExited = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        AnyExited = anyExited.Task;
        foreach (var name in names)
        {
            var child = new Process
            {
                StartInfo = new(ImageLink.Find(name)) { RedirectStandardInput = true, UseShellExecute = false },
                EnableRaisingEvents = true,
            };
            child.Exited += (_, _) => anyExited.TrySetResult(name);
            child.Start();
            _children.Add(child);
        }
    }

    /// <summary>The name of the first child that exits.</summary>
    public Task<string> AnyExited { get; }

    public void Dispose()
    {
        foreach (var child in _children)
        {
            child.StandardInput.Dispose();
            child.Dispose();
        }
    }
}
