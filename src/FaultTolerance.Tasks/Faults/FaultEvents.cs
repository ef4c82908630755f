using System.Text.Json;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Faults;

/// <summary>The timeline's events about faults.</summary>
internal static class FaultEvents
{
    /// <summary>Writes an event of a fault on a pod: <paramref name="item"/> with what all events of that fault tell.</summary>
    public static DateTimeOffset Write<T>(
        FaultContext context, T item, string signal, IReadOnlyList<ContainerProcess> processes, string? proof, DateTimeOffset? at = null)
        where T : FaultEvent
    {
        var instant = at ?? context.Timeline.Clock.Now;
        context.Timeline.Write(instant, item with
        {
            Id = context.Id,
            Failure = context.Failure,
            Kind = JsonNamingPolicy.CamelCase.ConvertName(context.Fault.Kind.ToString()),
            Service = context.Pod.Service.Name,
            Pod = context.Pod.Name,
            Uid = context.Pod.Uid,
            Container = context.Pod.MainContainer.Name,
            Pids = [.. processes.Select(process => (long)process.Pid)],
            Command = processes.Count > 0 ? processes[0].CommandLine : FaultKinds.Of(context.Fault.Kind).Command(context.Fault),
            Signal = signal,
            Proof = proof,
        });
        return instant;
    }
}
