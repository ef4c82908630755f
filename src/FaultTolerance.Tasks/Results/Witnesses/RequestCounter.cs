using System.Collections.Immutable;

namespace FaultTolerance.Results.Witnesses;

/// <summary>A counter by which servers tell how many requests they took.</summary>
/// <param name="Name">The metric.</param>
/// <param name="IsFrontend">Whether frontends have it; else those that do the work.</param>
internal sealed record RequestCounter(string Name, bool IsFrontend)
{
    /// <summary>Frontends' count of requests that they moved to another worker; absent until there is one.</summary>
    public const string Migrations = "dynamo_frontend_model_migration_total";

    /// <summary>Whether it counts tokens of answers, since the server counts no requests.</summary>
    public bool CountsTokens { get; init; }

    /// <summary>Those that are known. Of several that a pod has the first counts, once for frontends and once for workers.</summary>
    public static ImmutableArray<RequestCounter> Known { get; } =
    [
        new("dynamo_frontend_requests_total", IsFrontend: true),
        new("dynamo_component_requests_total", IsFrontend: false),
        new("vllm:request_success_total", IsFrontend: false),
        new("sglang:num_requests_total", IsFrontend: false),
        new("trtllm_request_success_total", IsFrontend: false),
        // llama.cpp's server counts tokens alone.
        new("llamacpp:tokens_predicted_total", IsFrontend: false) { CountsTokens = true },
    ];
}
