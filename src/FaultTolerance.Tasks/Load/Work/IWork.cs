using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.OpenLoop;

namespace FaultTolerance.Load.Work;

/// <summary>What a load's requests ask: lengths and prompts. All depends on client and number alone, whatever the order.</summary>
internal interface IWork
{
    /// <summary>No request asks for more output tokens.</summary>
    int MostOutputTokens { get; }

    /// <summary>What a request asks.</summary>
    AskedWork Of(int client, long number);

    /// <summary>When its requests are to be sent; null: the load's own plan says it.</summary>
    IArrivals? Arrivals() => null;

    /// <summary>Appends the messages that come before all others, each with a comma after it.</summary>
    void WriteSystem(ByteBuffer to, AskedWork asked)
    {
    }

    /// <summary>Appends the messages of a request, without the brackets of their list; of completions the prompt, a JSON text.</summary>
    /// <param name="to">Where it goes.</param>
    /// <param name="client">The client.</param>
    /// <param name="number">The request's number within the client.</param>
    /// <param name="asked">What <see cref="Of"/> said of it.</param>
    void WritePrompt(ByteBuffer to, int client, long number, AskedWork asked);
}
