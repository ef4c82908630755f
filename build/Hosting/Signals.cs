using System.Runtime.InteropServices;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// SIGINT, SIGTERM, SIGQUIT and SIGHUP: the first cancels, the second says what is being waited for, the third leaves at once. The
/// handlers keep the
/// runtime from ending the process, which would leave a deployment behind.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    public Signals()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, c => On(c, ExitCodes.Interrupted)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => On(c, ExitCodes.Terminated)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, c => On(c, ExitCodes.Terminated)));
        // A terminal that is closed takes its programs with it: the same clean end as SIGTERM.
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => On(c, ExitCodes.Terminated)));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143 after a signal, else null.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Called for the first signal, before the token is cancelled.</summary>
    public Action First { get; set; } = () => { };

    /// <summary>Called for the second signal.</summary>
    public Action Second { get; set; } = () => { };

    /// <summary>Called for the third signal, before the process ends.</summary>
    public Action Third { get; set; } = () => { };

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }

    private void On(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                ExitCode = exitCode;
                First();
                // Not on the signal's thread: what the token wakes may take its time.
                ThreadPool.QueueUserWorkItem(_ => _source.Cancel());
                break;
            case 2:
                Second();
                break;
            default:
                Third();
                Environment.Exit(exitCode);
                break;
        }
    }
}
