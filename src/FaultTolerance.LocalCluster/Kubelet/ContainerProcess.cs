using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>A container could not be started; the message says why.</summary>
internal sealed class ContainerStartException(string message) : Exception(message);

/// <summary>One instance of a container: its PID 1, its output and its end.</summary>
internal sealed class ContainerProcess
{
    private readonly Process _process;
    private readonly bool _namespaced;

    private ContainerProcess(Process process, int hostPid, bool namespaced, DateTimeOffset startedAt)
    {
        _process = process;
        _namespaced = namespaced;
        HostPid = hostPid;
        StartedAt = startedAt;
    }

    /// <summary>PID 1's id on the host.</summary>
    public int HostPid { get; }

    /// <summary>When the command was running.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Exit code (128 + n for a signal) and the moment, once all of the container's processes are gone.</summary>
    public required Task<(int Code, DateTimeOffset At)> Exit { get; init; }

    /// <summary>Starts a container and waits until its command runs.</summary>
    /// <exception cref="ContainerStartException">The command is not there, or a mount failed.</exception>
    public static async Task<ContainerProcess> StartAsync(
        ProcessSpawner spawner, ProcessStartInfo start, ContainerLog log, bool namespaced, TimeProvider time,
        SafeFileHandle? network = null)
    {
        Process process;
        try
        {
            process = await spawner.StartAsync(start, network);
        }
        catch (Exception e) when (e is Win32Exception or IOException or ObjectDisposedException)
        {
            throw new ContainerStartException(e.Message);
        }

        process.StandardInput.Close();
        var error = process.StandardError.BaseStream;
        var output = process.StandardOutput.BaseStream;
        if (await ReadHostPidAsync(output) is not { } hostPid)
        {
            using (process)
            {
                var message = await new StreamReader(error, Encoding.UTF8).ReadToEndAsync();
                await process.WaitForExitAsync();
                throw new ContainerStartException(
                    message.Trim() is { Length: > 0 } m ? m : $"ended with code {process.ExitCode} before its command ran"
                );
            }
        }

        var pumps = Task.WhenAll(log.PumpAsync(output, "stdout"), log.PumpAsync(error, "stderr"));
        return new ContainerProcess(process, hostPid, namespaced, time.GetUtcNow())
        {
            Exit = WaitAsync(process, hostPid, pumps, log, namespaced, time),
        };
    }

    /// <summary>Sends a signal to PID 1; SIGKILL goes to everything in the container.</summary>
    public void Signal(int signal)
    {
        if (Exit.IsCompleted)
        {
            return;
        }

        if (_namespaced || signal != ProcessSignals.Kill)
        {
            ProcessSignals.Send(HostPid, signal);
            return;
        }

        foreach (var pid in ProcessSignals.Tree(HostPid))
        {
            ProcessSignals.Send(pid, signal);
        }
    }

    private static async Task<(int Code, DateTimeOffset At)> WaitAsync(
        Process process, int hostPid, Task pumps, ContainerLog log, bool namespaced, TimeProvider time)
    {
        await process.WaitForExitAsync();
        var at = time.GetUtcNow();
        if (!namespaced)
        {
            // Without a namespace the children stay: end those of the container's session.
            foreach (var pid in ProcessSignals.Tree(hostPid).Skip(1))
            {
                ProcessSignals.Send(pid, ProcessSignals.Kill);
            }

            // One that made a session of its own may hold the pipe; its output is then not waited for.
            await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        }
        else
        {
            await pumps;
        }

        var code = process.ExitCode;
        process.Dispose();
        log.Complete();
        return (code, at);
    }

    private static async Task<int?> ReadHostPidAsync(Stream output)
    {
        var digits = new StringBuilder();
        var one = new byte[1];
        while (await output.ReadAsync(one) == 1)
        {
            if (one[0] == (byte)'\n')
            {
                return int.Parse(digits.ToString(), CultureInfo.InvariantCulture);
            }

            digits.Append((char)one[0]);
        }

        return null;
    }
}
