using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Repeats calls to the API that may be repeated, within one limit for all attempts together. A create is repeated after 429 only, when the
/// server has done nothing: after a broken connection nobody knows whether the object is there. Never used on the load's path.
/// </summary>
internal static class ApiRetry
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Marks a request that is not repeated, since its caller does so itself.</summary>
    public static HttpRequestOptionsKey<bool> NotRepeated { get; } = new("faultmatrix.not-repeated");

    /// <summary>Marks a POST that only asks, and can be repeated as a GET can.</summary>
    public static HttpRequestOptionsKey<bool> OnlyAsks { get; } = new("faultmatrix.only-asks");

    /// <summary>A handler that retries, with <paramref name="inner"/> below it.</summary>
    public static ResilienceHandler Over(HttpMessageHandler inner, ClusterOptions options, TimeProvider time)
    {
        // Half of the limit for an attempt: an answer that was lost on the way is asked for once more.
        var repeatable = Pipeline(options, time, options.RequestTimeout / 2, static o =>
            o.Outcome.Exception is HttpRequestException or TimeoutRejectedException
            || o.Outcome.Result?.StatusCode
                is HttpStatusCode.RequestTimeout
                    or HttpStatusCode.TooManyRequests
                    or >= HttpStatusCode.InternalServerError
        );
        var refusedOnly = Pipeline(options, time, options.RequestTimeout, static o =>
            o.Outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests
        );
        var once = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(options.RequestTimeout)
            .Build();
        return new ResilienceHandler(request =>
            request.Options.TryGetValue(NotRepeated, out var bare) && bare ? once
            : request.Method == HttpMethod.Post && !(request.Options.TryGetValue(OnlyAsks, out var asks) && asks) ? refusedOnly
            : repeatable)
        {
            InnerHandler = inner,
        };
    }

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(
        ClusterOptions options, TimeProvider time, TimeSpan attempt, Func<RetryPredicateArguments<HttpResponseMessage>, bool> repeat)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddTimeout(options.RequestTimeout);
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = LongestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = o => ValueTask.FromResult(Asked(o.Outcome.Result, time)),
                ShouldHandle = o => ValueTask.FromResult(repeat(o)),
            });
        }

        return builder.AddTimeout(attempt).Build();
    }

    // What the server asks for, within reason: a day would be no pause but an end.
    private static TimeSpan? Asked(HttpResponseMessage? response, TimeProvider time)
    {
        var asked = response?.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date - time.GetUtcNow());
        return asked is not { } pause ? null : pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestPause ? pause : LongestPause;
    }
}
