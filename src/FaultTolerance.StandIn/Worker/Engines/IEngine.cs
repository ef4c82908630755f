using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>What does a worker's requests.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Completes when the engine is initialised.</summary>
    Task Ready { get; }

    /// <summary>Completes when the worker sees that a part of the engine is gone; never where it does not see it.</summary>
    Task Died { get; }

    /// <summary>Requests in the engine.</summary>
    int InFlight { get; }

    /// <summary>What it is made of, for the log.</summary>
    string Description { get; }

    /// <summary>The tokens of a request as they come.</summary>
    IAsyncEnumerable<GenerateEvent> GenerateAsync(GenerateCommand command, CancellationToken cancellation);

    /// <summary>Makes the engine fail, as it does when its transfer partner is gone.</summary>
    ValueTask AbortAsync(string reason);
}
