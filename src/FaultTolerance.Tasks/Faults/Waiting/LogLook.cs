using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Waiting;

/// <summary>Looks for a line in the logs of a service's pods that was not there at the first look.</summary>
/// <param name="scene">Where.</param>
/// <param name="awaited">The service and the text.</param>
internal sealed class LogLook(FaultScene scene, Awaited awaited)
{
    // Whole seconds are all that an API server counts by: a little more is asked for, and what the first look saw is left out.
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(2);
    private readonly HashSet<string> _before = new(StringComparer.Ordinal);
    private readonly long _begun = scene.Session.Time.GetTimestamp();
    private bool _looked;

    /// <summary>Whether there is such a line now. The first look only learns what is there.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var pod in scene.Watch.Pods.Where(pod => Glob.Matches(awaited.Service, pod.Service.Name)).ToList())
        {
            await ReadAsync(pod, found, cancellation);
        }

        if (_looked)
        {
            return found.Exists(line => !_before.Contains(line));
        }

        _before.UnionWith(found);
        _looked = true;
        return false;
    }

    private async Task ReadAsync(GraphPod pod, List<string> found, CancellationToken cancellation)
    {
        var since = (int)Math.Ceiling((scene.Session.Time.GetElapsedTime(_begun) + Spare).TotalSeconds);
        Stream? log;
        try
        {
            log = await scene.Session.OpenLogAsync(pod.Name, pod.MainContainer.Name, previous: false, cancellation, sinceSeconds: since);
        }
        catch (FaultMatrixException)
        {
            // A container that is not there at this moment has no line; the wait has its limit.
            return;
        }

        if (log is null)
        {
            return;
        }

        using var reader = new StreamReader(log);
        try
        {
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                if (line.Contains(awaited.Log!, StringComparison.Ordinal))
                {
                    found.Add($"{pod.Uid} {line}");
                }
            }
        }
        catch (IOException)
        {
            // The line broke; the next look reads again.
        }
    }
}
