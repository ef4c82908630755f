using FaultTolerance.Runs;

namespace FaultTolerance.Graphs.Pods;

/// <summary>Writes what a watch sees to the timeline.</summary>
/// <param name="timeline">The timeline.</param>
internal sealed class WatchRecord(TimelineWriter timeline)
{
    /// <summary>A pod's transition.</summary>
    public void Write(GraphPod pod, PodTransition transition) => timeline.Write("pod", json =>
    {
        json.WriteString("service", pod.Service.Name);
        json.WriteString("pod", pod.Name);
        json.WriteString("uid", pod.Uid);
        json.WriteString("change", transition.Change);
        if (transition.Container is not null)
        {
            json.WriteString("container", transition.Container);
        }

        json.WriteNumber("restarts", transition.Restarts);
        if (transition.ExitCode is { } code)
        {
            json.WriteNumber("exitCode", code);
        }

        if (!string.IsNullOrEmpty(transition.Reason))
        {
            json.WriteString("reason", transition.Reason);
        }

        if (transition.StatusAt is { } at)
        {
            json.WriteString("statusAt", RunClock.Format(new DateTimeOffset(at.ToUniversalTime())));
        }
    });

    /// <summary>A pod's readiness behind a Service.</summary>
    public void Endpoint(string service, string pod, bool ready) => timeline.Write("endpoint", json =>
    {
        json.WriteString("service", service);
        json.WriteString("pod", pod);
        json.WriteBoolean("ready", ready);
    });

    /// <summary>Something that went wrong, or that somebody else did.</summary>
    public void Error(string code, string message) => timeline.Write("error", json =>
    {
        json.WriteString("code", code);
        json.WriteString("message", message);
    });
}
