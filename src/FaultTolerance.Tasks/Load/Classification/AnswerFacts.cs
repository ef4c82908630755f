namespace FaultTolerance.Load.Classification;

/// <summary>What a non-streamed body holds.</summary>
/// <param name="WellFormed">It is JSON.</param>
/// <param name="HasChoice">It has a first choice with a message.</param>
/// <param name="Tokens"><c>usage.completion_tokens</c>, -1 when not said.</param>
/// <param name="Characters">Code points of the content, or of the reasoning where there is no content.</param>
internal readonly record struct AnswerFacts(bool WellFormed, bool HasChoice, long Tokens, int Characters)
{
    /// <summary>It holds tool calls, which are output of a length that only the service can count.</summary>
    public bool HasToolCalls { get; init; }

    /// <summary>The error that it tells instead of an answer, or null.</summary>
    public ToldError? Error { get; init; }
}

/// <summary>What a stream held.</summary>
/// <param name="WellFormed">Every event could be read.</param>
/// <param name="Finished">The end marker came.</param>
/// <param name="Tokens"><c>usage.completion_tokens</c>, -1 when not said: events are no tokens.</param>
/// <param name="Events">Events with output.</param>
/// <param name="Error">An error told inside the stream, or null.</param>
internal readonly record struct StreamFacts(bool WellFormed, bool Finished, long Tokens, long Events, ToldError? Error);
