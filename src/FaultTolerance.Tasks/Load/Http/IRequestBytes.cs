using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Http;

/// <summary>Makes the bytes of a client's requests, one at a time.</summary>
internal interface IRequestBytes
{
    /// <summary>What the request asks that was prepared; null: what every request of the load does.</summary>
    AskedWork? Asked { get; }

    /// <summary>Makes a request ready, so that <see cref="Asked"/> speaks of it.</summary>
    void Prepare(long number);

    /// <summary>The request was answered: what comes after it may repeat that.</summary>
    /// <param name="answer">The answer's body.</param>
    void Answered(ReadOnlySpan<byte> answer)
    {
    }

    /// <summary>The request to send; valid until the next call.</summary>
    ReadOnlyMemory<byte> For(FrontendTarget target, long number);
}
