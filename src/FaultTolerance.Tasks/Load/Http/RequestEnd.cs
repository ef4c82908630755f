using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Http;

/// <summary>What comes after the prompt in a request's body.</summary>
internal static class RequestEnd
{
    /// <summary>Appends it: the length asked for, and whether the answer is streamed.</summary>
    public static void Append(ByteBuffer to, int outputTokens, bool stream)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Append(", \"max_tokens\": "u8);
        to.Append(outputTokens);
        to.Append(", \"min_tokens\": "u8);
        to.Append(outputTokens);
        to.Append(", \"temperature\": 0.1, \"ignore_eos\": true, \"stream\": "u8);
        // Without the usage at its end, a stream of several tokens an event could not be counted.
        to.Append(stream ? "true, \"stream_options\": {\"include_usage\": true}}"u8 : "false}"u8);
    }
}
