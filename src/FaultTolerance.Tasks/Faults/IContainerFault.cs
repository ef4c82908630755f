namespace FaultTolerance.Faults;

/// <summary>A fault that may name the container of the pod that it is for.</summary>
internal interface IContainerFault
{
    /// <summary>The container that is meant; null for the one that does the service's work.</summary>
    string? Container { get; }
}
