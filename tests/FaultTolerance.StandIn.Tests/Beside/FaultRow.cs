namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>One fault that both go through.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Workers">How many there are; the first one is hit.</param>
/// <param name="Signal">Which signal.</param>
/// <param name="Seconds">How long requests are sent after it.</param>
internal sealed record FaultRow(string Name, int Workers, int Signal, double Seconds)
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>
    /// Whether drain, aftershocks and the last answers are a matter of whose turn it was: with a stopped worker, earlier requests still run
    /// into their deadline, and each of these takes it out again that moment; a request without a token at the stop is lost with the lease.
    /// </summary>
    public bool ByChance { get; init; }

    /// <summary>Whether the frontend is hit.</summary>
    public bool OfFrontend { get; init; }

    /// <summary>When the process is started again, in seconds after the order; null for never.</summary>
    public double? RestartAt { get; init; }

    /// <summary>Whether it is started elsewhere, as the pod is that takes a deleted one's place.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>Whether the first worker does prefill only, and the others decode only.</summary>
    public bool Disaggregated { get; init; }

    /// <summary>What a worker does: <c>prefill</c>, <c>decode</c>, or null for both.</summary>
    public string? RoleOf(int worker) => !Disaggregated ? null : worker == 0 ? "prefill" : "decode";

    /// <summary>When a stopped process goes on, in seconds after the order.</summary>
    public double? ContinueAt { get; init; }

    public string[] FrontendArguments { get; init; } = [];

    /// <summary>Output tokens of a request, about 6 ms each.</summary>
    public int Tokens { get; init; } = 20;

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("frontend, SIGINT, started again", 1, Interrupt, 6) { OfFrontend = true, RestartAt = 1.5, Tokens = 100 },
        new("worker, SIGINT, started again", 1, Interrupt, 6) { RestartAt = 1.5, Tokens = 100 },
        new("one of two workers, SIGINT", 2, Interrupt, 4) { Tokens = 100 },
        new("only worker, SIGKILL, started again", 1, Kill, 14) { RestartAt = 0.3 },
        new("only worker, SIGKILL", 1, Kill, 14),
        new("one of two workers, SIGKILL", 2, Kill, 14),
        new("one of two workers, SIGKILL, --migration-limit 3", 2, Kill, 14)
        {
            FrontendArguments = ["--migration-limit", "3"],
            Tokens = 100,
        },
        new("frontend pod deleted, another starts", 1, Kill, 6) { OfFrontend = true, RestartAt = 0.3 },
        new("worker pod deleted, another starts", 1, Kill, 14) { RestartAt = 0.3, Elsewhere = true },
        new("one of two worker pods deleted, another starts", 2, Kill, 14) { RestartAt = 0.3, Elsewhere = true },
        new("prefill worker, SIGINT, started again", 2, Interrupt, 6) { Disaggregated = true, RestartAt = 1.5 },
        new("prefill worker pod deleted, another starts", 2, Kill, 14) { Disaggregated = true, RestartAt = 0.3, Elsewhere = true },
        new("only worker, SIGSTOP for 13 s", 1, Stop, 14) { ContinueAt = 13, ByChance = true },
        new("one of two workers, SIGSTOP for 13 s", 2, Stop, 14) { ContinueAt = 13, ByChance = true },
    ];
}
