using System.Text.Json;

namespace FaultTolerance.Faults;

/// <summary>The timeline's events about faults.</summary>
internal static class FaultEvents
{
    /// <summary>Writes <c>fault.issued</c>, <c>fault.landed</c>, <c>fault.replaced</c>, <c>fault.container</c> or <c>fault.unproven</c>.</summary>
    public static DateTimeOffset Write(
        FaultContext context, string name, string signal, IReadOnlyList<ContainerProcess> processes, string? proof, DateTimeOffset? at = null, Action<Utf8JsonWriter>? more = null)
    {
        var instant = at ?? context.Timeline.Clock.Now;
        context.Timeline.Write(instant, name, json =>
        {
            json.WriteString("id", context.Id);
            json.WriteString("failure", context.Failure);
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(context.Fault.Kind.ToString()));
            json.WriteString("service", context.Pod.Service.Name);
            json.WriteString("pod", context.Pod.Name);
            json.WriteString("uid", context.Pod.Uid);
            json.WriteString("container", context.Pod.MainContainer.Name);
            if (processes.Count > 0)
            {
                json.WriteNumber("pid", processes[0].Pid);
                json.WriteString("command", processes[0].CommandLine);
                if (processes.Count > 1)
                {
                    json.WriteStartArray("pids");
                    foreach (var process in processes)
                    {
                        json.WriteNumberValue(process.Pid);
                    }

                    json.WriteEndArray();
                }
            }
            else
            {
                json.WriteString("command", FaultKinds.Of(context.Fault.Kind).Command(context.Fault));
            }

            if (signal.Length > 0)
            {
                json.WriteString("signal", signal);
            }

            if (proof is not null)
            {
                json.WriteString("proof", proof);
            }

            more?.Invoke(json);
        });
        return instant;
    }
}
