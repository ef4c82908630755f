namespace FaultTolerance.Faults.Clients;

/// <summary>The way to the frontends, for faults that are requests. Given by whoever has one.</summary>
internal interface IClientDoor
{
    /// <summary>The model that clients ask for; null for the first that the frontend lists.</summary>
    string? Model { get; }

    /// <summary>A connection to a frontend that is ready.</summary>
    /// <exception cref="IOException">None can be made.</exception>
    ValueTask<Stream> OpenAsync(CancellationToken cancellation);
}
