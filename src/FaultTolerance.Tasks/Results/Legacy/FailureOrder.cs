namespace FaultTolerance.Results.Legacy;

/// <summary>
/// The order of a table's rows: the reference suite's fixed list, then every other name alphabetically. (The reference suite drops
/// names outside its list.)
/// </summary>
internal sealed class FailureOrder : IComparer<string>
{
    private static readonly string[] Fixed =
    [
        "none", "frontend", "frontend_pod", "decode_worker", "decode_worker_pod", "prefill_worker", "prefill_worker_pod",
        "vllm_decode_engine_core", "vllm_prefill_engine_core", "sglang_decode_scheduler", "sglang_decode_detokenizer",
        "sglang_prefill_scheduler", "sglang_prefill_detokenizer", "trtllm_decode_engine_core", "trtllm_prefill_engine_core",
    ];

    /// <summary>The one order there is.</summary>
    public static FailureOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var byList = Place(x).CompareTo(Place(y));
        return byList != 0 ? byList : string.CompareOrdinal(x, y);
    }

    private static int Place(string? name) => Array.IndexOf(Fixed, name) is var place and >= 0 ? place : Fixed.Length;
}
