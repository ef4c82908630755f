using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

/// <summary>Judges, from the requests as they end, whether the service is back to what it was before the fault.</summary>
internal interface ISteadyState
{
    /// <summary>A request ended. Called from many threads.</summary>
    /// <param name="intended">When it was to be sent.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="outcome">What became of it.</param>
    void Observe(DateTimeOffset intended, DateTimeOffset ended, Outcome outcome);

    /// <summary>A fault was ordered, or landed. What ended before the first of these calls' instants is without a fault.</summary>
    void MarkFault(DateTimeOffset at);

    /// <summary>Whether the service is steady at <paramref name="now"/>. Without a fault it is.</summary>
    bool IsSteady(DateTimeOffset now);
}
