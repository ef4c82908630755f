using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>Who does chat requests, and how a client is told that one failed: both differ between the profiles.</summary>
internal interface IChatBackend
{
    /// <summary>Whether chat requests are taken at all; where not, the route is off and a request gets 404 without a body.</summary>
    bool IsOpen { get; }

    /// <summary>The model's name as a label: the client's only where a worker has it.</summary>
    string LabelOf(string model);

    /// <summary>The request's tokens as they come. Throws <see cref="ApiError"/>.</summary>
    IAsyncEnumerable<GenerateEvent> GenerateAsync(ChatRequest request, CancellationToken cancellation);

    /// <summary>Answers with an error; nothing has been sent yet.</summary>
    Task RefuseAsync(HttpContext context, ApiError error);

    /// <summary>Ends a stream that has begun.</summary>
    Task BreakOffAsync(HttpContext context, ApiError error);
}
