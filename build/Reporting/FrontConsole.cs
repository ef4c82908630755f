using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>Writes NUKE-shaped lines, with colour where the terminal has it. Safe to use from several threads.</summary>
internal sealed class FrontConsole(TextWriter output, bool colour, TimeProvider time, Verbosity verbosity = Verbosity.Normal)
{
    private readonly Lock _gate = new();

    /// <summary>Whether escape sequences are written.</summary>
    public bool Colour => colour;

    public Verbosity Verbosity => verbosity;

    public TimeProvider Time => time;

    /// <summary>Where lines are kept as well; null for nowhere.</summary>
    public BuildLog? Log { get; set; }

    /// <summary>Keeps a line that somebody else shows.</summary>
    public string Keep(string text)
    {
        lock (_gate)
        {
            Log?.Write(text);
        }

        return text;
    }

    /// <summary>Colour by NO_COLOR, the host and the terminal.</summary>
    public static bool HasColour(IReadOnlyDictionary<string, string> environment, string host, bool redirected)
    {
        var term = environment.GetValueOrDefault("TERM") ?? "";
        if (environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 } || term == "dumb")
        {
            return false;
        }

        return host is HostNames.GitHub or HostNames.Azure or HostNames.TeamCity or HostNames.GitLab
            || (!redirected && (term.Length > 0 || OperatingSystem.IsWindows()));
    }

    /// <summary>Text of ours as it is; what others wrote goes through <see cref="ForeignText"/> first.</summary>
    public void Raw(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
            Log?.Write(text);
        }
    }

    /// <summary>
    /// A line with time and level, if the verbosity lets it through; several, each with its own, where the text has several.
    /// </summary>
    public void Line(Level level, string text)
    {
        if (Shows(level))
        {
            foreach (var line in ForeignText.Lines(text))
            {
                Raw(Format(level, line, time.GetLocalNow()));
            }
        }
    }

    public bool Shows(Level level) => level switch
    {
        Level.Debug => verbosity == Verbosity.Verbose,
        Level.Information => verbosity <= Verbosity.Normal,
        Level.Warning => verbosity <= Verbosity.Minimal,
        _ => true,
    };

    /// <summary><c>HH:mm:ss [INF] text</c>.</summary>
    public string Format(Level level, string text, DateTimeOffset at)
    {
        var (word, code) = level switch
        {
            Level.Debug => ("DBG", "90"),
            Level.Information => ("INF", "36"),
            Level.Warning => ("WRN", "33;1"),
            _ => ("ERR", "31;1"),
        };
        var line = ForeignText.Line(text);
        return $"{at:HH:mm:ss} [{Paint(word, code)}] {(level >= Level.Warning ? Paint(line, code) : line)}";
    }

    /// <summary>An error that ends the command.</summary>
    public void Error(FrontError error) =>
        Raw($"{Paint("error " + ForeignText.Line(error.Code), "31;1")}: {ForeignText.Line(error.Message)}");

    /// <summary>NUKE's box around a target's name.</summary>
    public void Box(string title)
    {
        if (verbosity <= Verbosity.Normal)
        {
            Raw("");
            Raw(Paint("╬" + new string('═', Math.Max(title.Length + 1, 12)), "36"));
            Raw($"{Paint("║", "36")} {Paint(title, "1")}");
            Raw(Paint("╬" + new string('═', Math.Max(title.Length / 2, 6)), "36"));
            Raw("");
        }
    }

    /// <summary>The text between the codes, or as it is without colour.</summary>
    public string Paint(string text, string code) => colour ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
