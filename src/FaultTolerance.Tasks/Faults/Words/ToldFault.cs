namespace FaultTolerance.Faults.Words;

/// <summary>A fault as one of its events in the timeline tells of it.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="Key">The event's keys; null for one that it has not.</param>
public sealed record ToldFault(string Event, Func<string, string?> Key)
{
    /// <summary>One of the event's keys.</summary>
    /// <param name="key">Its name.</param>
    public string? this[string key] => Key(key);

    /// <summary>The kind's word.</summary>
    public string? Kind => Key("kind");

    /// <summary>The service.</summary>
    public string? Service => Key("service");

    /// <summary>The pod.</summary>
    public string? Pod => Key("pod");

    /// <summary>The command line of a process, or the reference suite's word for what was done.</summary>
    public string? Command => Key("command");

    /// <summary>The signal.</summary>
    public string? Signal => Key("signal");
}
