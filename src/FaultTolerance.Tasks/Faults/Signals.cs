namespace FaultTolerance.Faults;

/// <summary>Signals by name. Numbers are those of Linux on all architectures that containers run on.</summary>
public static class Signals
{
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal)
    {
        ["SIGHUP"] = 1, ["SIGINT"] = 2, ["SIGQUIT"] = 3, ["SIGILL"] = 4, ["SIGTRAP"] = 5, ["SIGABRT"] = 6, ["SIGBUS"] = 7, ["SIGFPE"] = 8,
        ["SIGKILL"] = 9, ["SIGUSR1"] = 10, ["SIGSEGV"] = 11, ["SIGUSR2"] = 12, ["SIGPIPE"] = 13, ["SIGALRM"] = 14, ["SIGTERM"] = 15,
    };

    /// <summary>The number of a signal that ends a process.</summary>
    /// <exception cref="FaultMatrixException">FT0602: not one of them.</exception>
    public static int Number(string name) => Numbers.TryGetValue(name, out var number)
        ? number
        : throw new FaultMatrixException("FT0602", $"unknown signal '{name}'; known are {string.Join(", ", Numbers.Keys)}");
}
