using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>A child process with pipes for its standard input and output.</summary>
internal interface IChild : IDisposable
{
    int Id { get; }

    Stream Input { get; }

    Stream Output { get; }
}

/// <summary>A child whose end is taken note of, as a parent does that looks after its children.</summary>
internal sealed class ReapedChild : IChild
{
    private readonly Process _process;

    public ReapedChild(string path, ImmutableArray<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start");
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

/// <summary>
/// A child that nobody waits for: once dead it stays a zombie as long as its parent lives, as the processes of SGLang do. The framework
/// waits for every child that it started itself, so this one is started past it.
/// </summary>
internal sealed partial class UnreapedChild : IChild
{
    // More than either C library's posix_spawn_file_actions_t, which is opaque.
    private const int FileActionsBytes = 256;
    private readonly AnonymousPipeServerStream _input;
    private readonly AnonymousPipeServerStream _output;

    private UnreapedChild(int id, AnonymousPipeServerStream input, AnonymousPipeServerStream output) =>
        (Id, _input, _output) = (id, input, output);

    public int Id { get; }

    public Stream Input => _input;

    public Stream Output => _output;

    /// <summary>Starts it; throws <see cref="Win32Exception"/> where that fails.</summary>
    public static UnreapedChild Start(string path, ImmutableArray<string> arguments)
    {
        var input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var actions = Marshal.AllocHGlobal(FileActionsBytes);
        try
        {
            Check(FileActionsInit(actions));
            Check(FileActionsAddDup2(actions, input.ClientSafePipeHandle.DangerousGetHandle().ToInt32(), 0));
            Check(FileActionsAddDup2(actions, output.ClientSafePipeHandle.DangerousGetHandle().ToInt32(), 1));
            var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                .Select(entry => (string?)$"{entry.Key}={entry.Value}");
            Check(Spawn(out var id, path, actions, 0, [path, .. arguments, null], [.. environment, null]));
            Check(FileActionsDestroy(actions));
            return new(id, input, output);
        }
        finally
        {
            Marshal.FreeHGlobal(actions);
            input.DisposeLocalCopyOfClientHandle();
            output.DisposeLocalCopyOfClientHandle();
        }
    }

    /// <summary>Its input ends, and with it the child.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int FileActionsAddDup2(nint actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FileActionsDestroy(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int id, string path, nint actions, nint attributes, string?[] arguments, string?[] environment);
}
