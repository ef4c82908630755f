using System.Runtime.InteropServices;
using FaultTolerance.Load.Workers;

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
return await WorkerProgram.RunAsync(args, Environment.GetEnvironmentVariable, Console.Error, TimeProvider.System, stop.Token);
