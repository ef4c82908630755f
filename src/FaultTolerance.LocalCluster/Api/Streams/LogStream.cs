using System.Globalization;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>Serves <c>GET pods/NAME/log</c>: bytes go out as they come.</summary>
/// <param name="runtime">Holds the logs.</param>
/// <param name="time">Resolves <c>sinceSeconds</c>.</param>
internal sealed class LogStream(IPodRuntime runtime, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Serves one log.</summary>
    public async Task ServeAsync(HttpContext context, string @namespace, string pod, CancellationToken stopping)
    {
        var request = Read(context.Request.Query);
        var response = context.Response;
        response.ContentType = "text/plain";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        await using var body = new TurnTakingStream(response.Body);
        var writing = runtime.WriteLogAsync(@namespace, pod, request, body, end.Token);
        try
        {
            await writing.WaitAsync(Patience, time, end.Token);
        }
        catch (TimeoutException)
        {
            // Nothing was refused so far: one who follows a silent log gets the headers now.
            await body.TakeTurnAsync(() => response.HasStarted ? Task.CompletedTask : response.StartAsync(end.Token), end.Token);
            await body.FlushAsync(end.Token);
        }
        finally
        {
            await writing;
        }
    }

    private LogRequest Read(IQueryCollection query)
    {
        if (query.Text("sinceSeconds") is not null && query.Text("sinceTime") is not null)
        {
            throw StoreErrors.BadRequest("at most one of sinceTime or sinceSeconds may be specified");
        }

        DateTimeOffset? since = query.Number("sinceSeconds") is { } seconds ? time.GetUtcNow() - TimeSpan.FromSeconds(seconds)
            : query.Text("sinceTime") is not { } text ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
            : throw StoreErrors.BadRequest($"sinceTime: Invalid value: \"{text}\"");
        return new(
            query.Text("container"),
            query.Flag("follow"),
            query.Flag("previous"),
            (int?)query.Number("tailLines"),
            query.Number("limitBytes"),
            since,
            query.Flag("timestamps"));
    }
}
