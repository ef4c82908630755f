namespace FaultTolerance.Faults.Lasting;

/// <summary>A fault that lasts for a time.</summary>
internal interface ILastingFault
{
    /// <summary>How long, from its proof on.</summary>
    TimeSpan For { get; }
}
