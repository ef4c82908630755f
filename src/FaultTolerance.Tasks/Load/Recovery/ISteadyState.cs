using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

/// <summary>Judges, from the requests as they are sent and end, whether the service is back to what it was before the fault.</summary>
internal interface ISteadyState
{
    /// <summary>An attempt of a request was sent. Called from many threads.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The request's number within the client.</param>
    /// <param name="at">When.</param>
    void Sent(int client, long request, DateTimeOffset at);

    /// <summary>A request ended. Called from many threads.</summary>
    /// <param name="ended">What is known of it.</param>
    void Ended(in EndedRequest ended);

    /// <summary>A fault was ordered, or landed. What ended before the first of these calls' instants is without a fault.</summary>
    void MarkFault(DateTimeOffset at);

    /// <summary>Whether the service is steady at <paramref name="now"/>. Without a fault it is.</summary>
    bool IsSteady(DateTimeOffset now);
}

/// <summary>A request as it ended.</summary>
/// <param name="Client">The client.</param>
/// <param name="Request">Its number within the client.</param>
/// <param name="Sent">When its last attempt was sent.</param>
/// <param name="At">When that ended.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Broke">Whether it is a stream that broke after it had begun.</param>
/// <param name="FirstToken">When the first token of that attempt came; null where none is known.</param>
internal readonly record struct EndedRequest(
    int Client, long Request, DateTimeOffset Sent, DateTimeOffset At, Outcome Outcome, bool Broke = false,
    DateTimeOffset? FirstToken = null);
