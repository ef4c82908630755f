using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Repeats calls to the API that may be repeated. A create is repeated after 429 only, when the server has done nothing: after a
/// broken connection nobody knows whether the object is there. Never used on the load's path.
/// </summary>
internal static class ApiRetry
{
    /// <summary>Marks a request whose answer is a stream that its caller guards itself.</summary>
    public static HttpRequestOptionsKey<bool> Unguarded { get; } = new("faultmatrix.unguarded");

    /// <summary>Marks a POST that only asks, and can be repeated as a GET can.</summary>
    public static HttpRequestOptionsKey<bool> OnlyAsks { get; } = new("faultmatrix.only-asks");

    /// <summary>A handler that retries, with <paramref name="inner"/> below it.</summary>
    public static ResilienceHandler Over(HttpMessageHandler inner, ClusterOptions options, TimeProvider time)
    {
        var repeatable = Pipeline(options, time, static o => o.Outcome.Exception is HttpRequestException or TimeoutRejectedException
            || o.Outcome.Result?.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError);
        var once = Pipeline(options, time, static o => o.Outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests);
        return new ResilienceHandler(request =>
            request.Options.TryGetValue(Unguarded, out var bare) && bare ? ResiliencePipeline<HttpResponseMessage>.Empty
            : request.Method == HttpMethod.Post && !(request.Options.TryGetValue(OnlyAsks, out var asks) && asks) ? once
            : repeatable)
        {
            InnerHandler = inner,
        };
    }

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(
        ClusterOptions options, TimeProvider time, Func<Polly.Retry.RetryPredicateArguments<HttpResponseMessage>, bool> repeat)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(10),
                BackoffType = DelayBackoffType.Exponential,
                ShouldRetryAfterHeader = true,
                ShouldHandle = o => ValueTask.FromResult(repeat(o)),
            });
        }

        return builder.AddTimeout(options.RequestTimeout).Build();
    }
}
