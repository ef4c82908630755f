namespace FaultTolerance.Faults.Processes;

/// <summary>Signals by name. Numbers are those of Linux on all architectures that containers run on.</summary>
internal static class Signals
{
    /// <summary>What is sent where nobody says, as the reference suite does.</summary>
    public const string Interrupt = "SIGINT";

    /// <summary>What no process can refuse.</summary>
    public const string Kill = "SIGKILL";

    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal)
    {
        [Interrupt] = 2, ["SIGTERM"] = 15, [Kill] = 9, ["SIGQUIT"] = 3, ["SIGHUP"] = 1, ["SIGABRT"] = 6, ["SIGSEGV"] = 11, ["SIGBUS"] = 7,
        ["SIGUSR1"] = 10, ["SIGUSR2"] = 12,
    };

    /// <summary>The signals that end a process which does not care for them.</summary>
    public static IReadOnlyCollection<string> Names => Numbers.Keys;

    /// <summary>The number of one of <see cref="Names"/>.</summary>
    public static int Number(string name) => Numbers[name];
}
