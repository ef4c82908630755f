using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Hosting;

SignalDispositions.Reset();
DiagnosticFiles.Remove();
if (args is ["--help" or "-h"])
{
    Console.WriteLine(ClusterOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var options = ClusterOptions.Parse(args);
    var input = options.UntilStandardInputCloses
        ? Console.OpenStandardInput().CopyToAsync(Stream.Null, stop.Token)
        : Task.Delay(Timeout.Infinite, stop.Token);
    await using var cluster = await LocalClusterHost.StartAsync(options, TimeProvider.System, stop.Token);
    var ready = new JsonObject
    {
        ["ready"] = true,
        ["server"] = cluster.Server,
        ["kubeconfig"] = options.Kubeconfig,
        ["pid"] = Environment.ProcessId,
        ["pidNamespaces"] = cluster.PidNamespaces,
        ["podNetworks"] = cluster.PodNetworks,
        ["note"] = cluster.Note,
    };
    Console.WriteLine(ready.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    // The owner's end of input, or a signal, whichever comes first; or our own failure, which nobody must take for a slow cluster.
    var ended = await Task.WhenAny(input, Task.Delay(Timeout.Infinite, stop.Token), cluster.Failure);
    await stop.CancelAsync();
    if (ended == cluster.Failure)
    {
        await Console.Error.WriteLineAsync(
            $"FT3009: the local cluster stopped working, which is a mistake of ours: {(await cluster.Failure).Message}"
        );
        return 1;
    }

    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (UserError error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
