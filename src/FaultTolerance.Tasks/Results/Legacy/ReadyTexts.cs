using System.Text.RegularExpressions;

namespace FaultTolerance.Results.Legacy;

/// <summary>The texts by which the reference suite recognises in a service's log that a pod serves.</summary>
internal static partial class ReadyTexts
{
    /// <summary>
    /// The expression for a service's folder, or null for an unknown one. Besides the reference suite's names those of the newer form and
    /// of plain manifests, frontend and worker; a plain decode or prefill may be vLLM's as well as SGLang's.
    /// </summary>
    public static Regex? For(string service) => service switch
    {
        "Frontend" or "frontend" => Frontend(),
        "VllmDecodeWorker" or "VllmPrefillWorker" or "worker" => Vllm(),
        "decode" => Decode(),
        "prefill" => Prefill(),
        "TRTLLMWorker" or "TRTLLMDecodeWorker" or "TRTLLMPrefillWorker" => Trtllm(),
        _ => null,
    };

    /// <summary>Whether a raw line is worth parsing: every expression above holds one of these.</summary>
    public static bool Possible(ReadOnlySpan<byte> line) =>
        line.IndexOf("added model"u8) >= 0 || line.IndexOf("initialized"u8) >= 0 || line.IndexOf("registration succeeded"u8) >= 0;

    [GeneratedRegex("added model", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Frontend();

    [GeneratedRegex("(?:VllmWorker|[Ww]orker) for .+ has been initialized", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Vllm();

    [GeneratedRegex("Model registration succeeded|Decode worker handler initialized|Worker handler initialized|[Ww]orker for .+ has been initialized", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Decode();

    [GeneratedRegex("Model registration succeeded|Prefill worker handler initialized|Worker handler initialized|[Ww]orker for .+ has been initialized", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Prefill();

    [GeneratedRegex("TrtllmWorker for .+ has been initialized|Model registration succeeded", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Trtllm();
}
