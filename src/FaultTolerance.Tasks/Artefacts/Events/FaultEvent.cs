using System.Collections.Immutable;
using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>What all events of one fault on one target tell.</summary>
internal abstract record FaultEvent : TimelineEvent
{
    /// <summary>What the names of these events begin with.</summary>
    internal const string Prefix = "fault.";

    /// <summary>The event's name without what all of these begin with: <c>landed</c>.</summary>
    public string ShortName => Name[Prefix.Length..];

    /// <summary>The fault's number in its scenario and the pod's in the fault: <c>1.2</c>.</summary>
    public string? Id { get; init; }

    /// <summary>The failure of scenarios.json.</summary>
    public string? Failure { get; init; }

    /// <summary>The kind of fault, as scenarios.json names it.</summary>
    public string? Kind { get; init; }

    /// <summary>The service that was hit.</summary>
    public string? Service { get; init; }

    /// <summary>The pod that was hit.</summary>
    public string? Pod { get; init; }

    /// <summary>The pod's uid.</summary>
    public string? Uid { get; init; }

    /// <summary>The container that was hit.</summary>
    public string? Container { get; init; }

    /// <summary>What else was hit where it is no pod: a node, an object.</summary>
    public string? Target { get; init; }

    /// <summary>The processes that were hit, as their container numbers them; empty where the fault is on no process.</summary>
    public ImmutableArray<long> Pids { get; init; } = [];

    /// <summary>The first of <see cref="Pids"/>.</summary>
    public long? Pid => Pids.IsDefaultOrEmpty ? null : Pids[0];

    /// <summary>The command line of the process that was hit, or what does the fault.</summary>
    public string? Command { get; init; }

    /// <summary>The signal; null where there is none.</summary>
    public string? Signal { get; init; }

    /// <summary>What proves it, or why there is no proof.</summary>
    public string? Proof { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("id", Id);
        json.Id("failure", Failure);
        json.Id("kind", Kind);
        json.Id("service", Service);
        json.Id("pod", Pod);
        json.Id("uid", Uid);
        json.Id("container", Container);
        json.Id("target", Target);
        json.Whole("pid", Pid);
        json.Text("command", Command);
        if (Pids.Length > 1)
        {
            json.WriteStartArray("pids");
            foreach (var pid in Pids)
            {
                json.WriteNumberValue(pid);
            }

            json.WriteEndArray();
        }

        json.Text("signal", Signal);
        json.Text("proof", Proof);
    }

    /// <summary>An event with what all of them tell.</summary>
    private protected static T Read<T>(EventKeys keys, T empty)
        where T : FaultEvent => empty with
        {
            Id = keys["id"],
            Failure = keys["failure"],
            Kind = keys["kind"],
            Service = keys["service"],
            Pod = keys["pod"],
            Uid = keys["uid"],
            Container = keys["container"],
            Target = keys["target"],
            Pids = keys.Wholes("pids") is { IsEmpty: false } pids ? pids : keys.Whole("pid") is { } pid ? [pid] : [],
            Command = keys["command"],
            Signal = keys["signal"],
            Proof = keys["proof"],
        };
}
