using System.Globalization;
using System.Text.RegularExpressions;

namespace FaultMatrix.Build.Reporting;

/// <summary>
/// What a command wrote, without colour, as <c>.nuke/temp/build.log</c>; the last few stay as dated copies, as NUKE keeps them.
/// </summary>
internal sealed partial class BuildLog : IDisposable
{
    private const int Kept = 5;
    private readonly string _folder;
    private readonly StreamWriter _writer;
    private readonly string _dated;
    private bool _lost;

    private BuildLog(string temp, TimeProvider time)
    {
        _folder = temp;
        _dated = Path.Combine(temp, string.Create(CultureInfo.InvariantCulture,
            $"build.{time.GetLocalNow():yyyy-MM-dd_HH-mm-ss}-{Environment.ProcessId}.log"));
        _writer = new StreamWriter(new FileStream(_dated, FileMode.Create, FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
    }

    /// <summary>Opens the log; null where the folder cannot be written, as a log is no reason to refuse a run.</summary>
    public static BuildLog? Open(string temp, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(temp);
            var log = new BuildLog(temp, time);
            log.Link();
            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Appends a line.</summary>
    /// <remarks>A disk that is full loses the log, not the run.</remarks>
    public void Write(string text)
    {
        if (_lost)
        {
            return;
        }

        try
        {
            _writer.WriteLine(Escapes().Replace(text, ""));
        }
        catch (IOException)
        {
            _lost = true;
        }
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is lost already.
        }
    }

    // A link, so that build.log can be followed while the command runs, and two commands at once do not write into one file.
    private void Link()
    {
        var latest = Path.Combine(_folder, "build.log");
        File.Delete(latest);
        File.CreateSymbolicLink(latest, Path.GetFileName(_dated));
        foreach (var old in Directory.GetFiles(_folder, "build.*-*.log").Order(StringComparer.Ordinal).SkipLast(Kept))
        {
            File.Delete(old);
        }
    }

    [GeneratedRegex("\u001b\\[[0-9;]*[A-Za-z]", RegexOptions.None, 1000)]
    private static partial Regex Escapes();
}
