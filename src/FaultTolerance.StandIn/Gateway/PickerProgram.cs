using System.Globalization;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Worker;

namespace FaultTolerance.StandIn.Gateway;

/// <summary>
/// <c>epp</c>, the endpoint picker of a gateway: it listens, and picks nothing, since there is no gateway that would ask.
/// </summary>
internal static class PickerProgram
{
    private const string Target = "epp";
    private const int UsualPort = 9002;

    /// <summary>Runs until a stop signal; then 0.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        var options = CommandOptions.Parse(Target, arguments, [], ["--grpc-port"]);
        var port = options.Number("--grpc-port", UsualPort, 1, 65535);
        using var listener = RequestListener.Start(
            BindAddress.For(settings.PodIp), port, static (_, _, _) => throw new Wire.GenerationFailedException("it picks nothing"), static _ => { });
        log.Info(Target, string.Create(CultureInfo.InvariantCulture, $"listens on port {port}; picks no endpoints"));
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
