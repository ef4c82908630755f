using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>A command running in a container; disposing kills it.</summary>
internal sealed class ExecSession : IExecSession
{
    private readonly Process _process;
    private readonly bool _namespaced;

    private ExecSession(Process process, bool stdin, bool namespaced)
    {
        _process = process;
        _namespaced = namespaced;
        Output = process.StandardOutput.BaseStream;
        Error = process.StandardError.BaseStream;
        if (stdin)
        {
            Input = process.StandardInput.BaseStream;
        }
        else
        {
            process.StandardInput.Close();
        }
    }

    /// <inheritdoc/>
    public Stream? Input { get; }

    /// <inheritdoc/>
    public Stream Output { get; }

    /// <inheritdoc/>
    public Stream Error { get; }

    /// <summary>Starts the command and waits until it runs.</summary>
    /// <exception cref="ExecStartException">It could not be started.</exception>
    public static async Task<ExecSession> StartAsync(ProcessSpawner spawner, ProcessStartInfo start, bool stdin, bool namespaced,
        CancellationToken cancellation)
    {
        ExecSession session;
        try
        {
            session = new ExecSession(await spawner.StartAsync(start), stdin, namespaced);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new ExecStartException(e.Message);
        }

        try
        {
            if (await ReadLineAsync(session.Output, cancellation) is not { } why)
            {
                var error = await new StreamReader(session.Error, Encoding.UTF8).ReadToEndAsync(cancellation);
                throw new ExecStartException(error.Trim() is { Length: > 0 } text ? text : "the container has ended");
            }

            return why.Length == 0 ? session : throw new ExecStartException(why);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // In its namespaces the command dies with nsenter (parent-death signal); otherwise it is the process itself.
            foreach (var pid in _namespaced ? [_process.Id] : ProcessSignals.Tree(_process.Id))
            {
                ProcessSignals.Send(pid, ProcessSignals.Kill);
            }

            await _process.WaitForExitAsync(CancellationToken.None);
        }

        if (Input is not null)
        {
            try
            {
                await Input.DisposeAsync();
            }
            catch (IOException)
            {
                // What was still buffered for a command that has ended goes nowhere: that is its end, not an error.
            }
        }

        _process.Dispose();
    }

    // Byte by byte: what follows the line is the command's.
    private static async Task<string?> ReadLineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) == 1)
        {
            if (one[0] == (byte)'\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(one[0]);
        }

        return null;
    }
}
