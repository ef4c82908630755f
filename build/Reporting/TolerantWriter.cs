using System.Text;

namespace FaultMatrix.Build.Reporting;

/// <summary>
/// Writes to an output as long as it takes what is written. A terminal that was closed, a full disk or a closed descriptor must not end
/// a run: what cannot be written is dropped from then on, and <see cref="Lost"/> tells why.
/// </summary>
internal sealed class TolerantWriter(TextWriter output) : TextWriter
{
    private volatile Exception? _lost;

    /// <summary>Why the output takes nothing any more, or null.</summary>
    public Exception? Lost => _lost;

    /// <summary>Called once, with the reason, when the output is lost.</summary>
    public Action<Exception> OnLost { get; set; } = _ => { };

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <summary>Makes standard output and standard error tolerant.</summary>
    /// <returns>That of standard output.</returns>
    public static TolerantWriter Install()
    {
        var output = new TolerantWriter(Console.Out);
        Console.SetOut(output);
        Console.SetError(new TolerantWriter(Console.Error));
        return output;
    }

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => output.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => output.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => output.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => output.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(output.Flush);

    private void Try(Action write)
    {
        if (_lost is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _lost = e;
            OnLost(e);
        }
    }
}
