using FaultTolerance.Faults.Network;

namespace FaultTolerance.Faults.ResetConnections;

/// <summary>Connections that are reset.</summary>
internal sealed record ResetConnectionsFault : ConnectionFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "reset";

    /// <inheritdoc/>
    public override string Kind => Word;
}
