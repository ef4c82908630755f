using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>phase</c>: a phase of the scenario started or ended.</summary>
internal sealed record PhaseChanged : TimelineEvent
{
    internal const string EventName = "phase";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Deploy, Load, Inject, Collect or Teardown.</summary>
    public required string? Phase { get; init; }

    /// <summary>What happened to it; null where it is a word that this version does not know.</summary>
    public required PhaseState? State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Text("phase", Phase);
        json.Text(
            "state",
            State switch
            {
                PhaseState.Started => "started",
                PhaseState.Done => "done",
                PhaseState.Failed => "failed",
                _ => null,
            }
        );
        json.Text("reason", Reason);
    }

    internal static PhaseChanged Read(EventKeys keys) =>
        new()
        {
            Phase = keys["phase"],
            State = keys["state"] switch
            {
                "started" => PhaseState.Started,
                "done" => PhaseState.Done,
                "failed" => PhaseState.Failed,
                _ => null,
            },
            Reason = keys["reason"],
        };
}

/// <summary>What happened to a phase.</summary>
internal enum PhaseState
{
    /// <summary>It began.</summary>
    Started,

    /// <summary>It did what it had to.</summary>
    Done,

    /// <summary>It did not.</summary>
    Failed,
}
