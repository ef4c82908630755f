using System.Net;
using System.Text.Json;
using FaultTolerance.Runs;

namespace FaultTolerance.Load.Workers;

/// <summary>The program of a load's pod: reads the plan, waits for the runner, sends, and stays until all was fetched.</summary>
internal static class WorkerProgram
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The folder of the plan, and one to write to.</param>
    /// <param name="environment">Gives variables.</param>
    /// <param name="error">Where one line is written that says why it cannot go on.</param>
    /// <param name="time">The machine's clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>0: all was fetched, or no runner asked any more, so that the Job is over; 2: it was called wrongly.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, Func<string, string?> environment, TextWriter error, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(error);
        if (arguments is not [var planFolder, var folder])
        {
            await error.WriteLineAsync("FT0521: usage: faultmatrix-load PLAN_FOLDER FOLDER").ConfigureAwait(false);
            return 2;
        }

        WorkerPlan plan;
        try
        {
            plan = WorkerPlan.Read(await File.ReadAllBytesAsync(Path.Combine(planFolder, WorkerPlan.FileName), cancellation)
                .ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            await error.WriteLineAsync($"FT0521: the plan cannot be read: {e.Message}").ConfigureAwait(false);
            return 2;
        }

        await using var worker = new LoadWorker(plan, planFolder, new ScenarioFolder(Path.Combine(folder, "load")), time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listening = new WorkerListener(worker, plan.Token).RunAsync(new(Address(environment), WorkerForm.Port), ended.Token);
        try
        {
            await UntilReleasedAsync(worker, plan.Patience, listening, time, cancellation).ConfigureAwait(false);
            if (!worker.Released.IsCompleted)
            {
                await error.WriteLineAsync($"ended: no runner asked anything for {worker.Silence.TotalSeconds:0} s").ConfigureAwait(false);
            }

            return 0;
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }
    }

    // A pod's own address where that is a loopback address, as on the local cluster; else the pod's loopback, which a port-forward reaches.
    private static IPAddress Address(Func<string, string?> environment) =>
        IPAddress.TryParse(environment("POD_IP"), out var address) && IPAddress.IsLoopback(address) ? address : IPAddress.Loopback;

    private static async Task UntilReleasedAsync(
        LoadWorker worker, TimeSpan patience, Task listening, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (worker.Silence < patience && !listening.IsCompleted)
            {
                var tick = timer.WaitForNextTickAsync(cancellation).AsTask();
                if (await Task.WhenAny(worker.Released, tick).ConfigureAwait(false) == worker.Released)
                {
                    return;
                }

                await tick.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It is told to end.
        }
    }
}
