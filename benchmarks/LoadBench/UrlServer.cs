using System.Runtime.InteropServices;
using System.Text.Json;
using FaultTolerance.Load.Urls;

namespace FaultTolerance.Benchmarks;

/// <summary>
/// The tests' own service over TLS (<c>--tls 0</c>: without), beneath a prefix, with an API key. It writes its authority and its key to a
/// folder, and when it is told to end its own stamps: each streamed request's latency, time to the first token, gaps and when it was taken
/// up, in seconds.
/// </summary>
internal static class UrlServer
{
    public static async Task RunAsync(Options options)
    {
        var folder = options.Text("folder");
        await using var service = await TlsService.StartAsync(http2: options.Number("http", 1.1) > 1.5, tls: options.Number("tls", 1) > 0);
        service.Spread = options.Number("spread", 0.2);
        service.TokenTime = TimeSpan.FromMilliseconds(options.Number("gap", 10));
        service.FirstTokenTime = TimeSpan.FromMilliseconds(options.Number("first", service.TokenTime.TotalMilliseconds));
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), service.AuthorityPem);
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), TlsService.Key);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.TrySetResult();
        });
        Console.WriteLine(JsonSerializer.Serialize(new { ready = true, url = service.Url }));
        await ended.Task;
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "stamps"),
            service.Served.Where(one => one is { Whole: true, First: > 0 }).Select(one => JsonSerializer.Serialize(new object[]
            {
                Seconds(one.Ended - one.Taken), Seconds(one.First - one.Taken), one.Gaps.Select(Seconds),
                Seconds(one.Taken),
            })));
    }

    private static double Seconds(long ticks) => TimeProvider.System.GetElapsedTime(0, ticks).TotalSeconds;
}
