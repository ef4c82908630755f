using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Http;

/// <summary>What comes after the prompt in a request's body.</summary>
internal static class RequestEnd
{
    /// <summary>Appends it.</summary>
    /// <param name="to">The body.</param>
    /// <param name="outputTokens">The length asked for.</param>
    /// <param name="stream">Whether the answer is streamed.</param>
    /// <param name="seed">Where two answers to one prompt shall be the same: the seed, at temperature 0; null elsewhere.</param>
    public static void Append(ByteBuffer to, int outputTokens, bool stream, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Append(", \"max_tokens\": "u8);
        to.Append(outputTokens);
        to.Append(", \"min_tokens\": "u8);
        to.Append(outputTokens);
        to.Append(seed is null ? ", \"temperature\": 0.1"u8 : ", \"temperature\": 0, \"seed\": "u8);
        if (seed is { } same)
        {
            to.Append(same);
        }

        to.Append(", \"ignore_eos\": true, \"stream\": "u8);
        // Without the usage at its end, a stream of several tokens an event could not be counted.
        to.Append(stream ? "true, \"stream_options\": {\"include_usage\": true}}"u8 : "false}"u8);
    }
}
