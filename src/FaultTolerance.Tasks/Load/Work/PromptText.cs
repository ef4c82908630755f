using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Work;

/// <summary>What stands around the words of a prompt: a message of the user, or of plain completions a text.</summary>
internal static class PromptText
{
    /// <summary>Appends what comes before the words.</summary>
    public static void Begin(ByteBuffer to, Api api)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Append(api == Api.Completions ? "\""u8 : "{\"role\": \"user\", \"content\": \""u8);
    }

    /// <summary>Appends what comes after them.</summary>
    public static void End(ByteBuffer to, Api api)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Append(api == Api.Completions ? "\""u8 : "\"}"u8);
    }
}
