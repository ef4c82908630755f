using System.Collections.Immutable;

namespace FaultTolerance.Artefacts.Events;

/// <summary>What can happen to a pod.</summary>
internal enum PodChange
{
    /// <summary>It was seen for the first time.</summary>
    Added,

    /// <summary>Its condition Ready became true.</summary>
    Ready,

    /// <summary>Its condition Ready is true no more.</summary>
    NotReady,

    /// <summary>A container runs, for the first time or again.</summary>
    ContainerStarted,

    /// <summary>A container ended.</summary>
    ContainerTerminated,

    /// <summary>A container's count of restarts grew.</summary>
    Restarted,

    /// <summary>Its deletion was asked for.</summary>
    Terminating,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>The timeline's words for what happens to pods.</summary>
internal static class PodChanges
{
    private static readonly ImmutableArray<string> Words =
        ["added", "ready", "not_ready", "container_started", "container_terminated", "restarted", "terminating", "deleted"];

    /// <summary>The word.</summary>
    public static string ToText(this PodChange change) => Words[(int)change];

    internal static PodChange? Parse(string? word) =>
        word is not null && Words.IndexOf(word, StringComparer.Ordinal) is >= 0 and var index ? (PodChange)index : null;
}
