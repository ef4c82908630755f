namespace FaultTolerance.Load.Streaming;

/// <summary>Takes the events of a stream. Spans are valid during the call.</summary>
internal interface ISseHandler
{
    /// <summary>An event with data.</summary>
    void OnEvent(ReadOnlySpan<byte> data);

    /// <summary>An event named <c>error</c>, or a field of that name: its data, or the comment in it where it has none.</summary>
    void OnError(ReadOnlySpan<byte> data);

    /// <summary>A line that is JSON and belongs to no event.</summary>
    void OnBare(ReadOnlySpan<byte> line);

    /// <summary>The data of an event that the end of the stream cut off; by the standard it is none.</summary>
    void OnCut(ReadOnlySpan<byte> data);
}
