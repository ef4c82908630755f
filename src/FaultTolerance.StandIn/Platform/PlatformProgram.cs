using System.Globalization;
using FaultTolerance.StandIn.Hosting;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Platform;

/// <summary>
/// <c>stand-in platform PORT</c>: stands in the place of the platform's etcd or NATS, so that its restart can be tried. It keeps nothing:
/// the stand-ins of today find each other without it.
/// </summary>
internal static class PlatformProgram
{
    private const string Target = "platform";

    /// <summary>Answers <c>/health</c> (etcd's) and <c>/healthz</c> (NATS's) until a stop signal; then 0.</summary>
    /// <exception cref="UsageException">There is not exactly one port, or it is taken.</exception>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        if (arguments is not [var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            throw new UsageException("stand-in platform: give one port, from 1 to 65535, 2379 say");
        }

        var address = BindAddress.For(settings.PodIp);
        await using var server = await HttpServer.StartAsync(address, port, AnswerAsync);
        log.Info(Target, $"ready at {address}:{port}");
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/health" => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("health"u8, "true"u8);
            json.WriteEndObject();
        }),
        "/healthz" => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "ok"u8);
            json.WriteEndObject();
        }),
        _ => HttpAnswers.JsonAsync(context, StatusCodes.Status404NotFound, json =>
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }),
    };
}
