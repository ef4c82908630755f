using System.Globalization;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>How the workers of a Dynamo namespace are known: what a fault costs is decided by it.</summary>
internal enum DiscoveryBackend
{
    /// <summary>A worker counts while its pod is ready.</summary>
    Kubernetes,

    /// <summary>
    /// A worker counts until its lease is over; one that leaves in order stays known, without being asked, until its process ends.
    /// </summary>
    Etcd,

    /// <summary>As etcd, but one that leaves in order is forgotten at once.</summary>
    File,
}

/// <summary>Which version's log lines are written.</summary>
internal enum ReleaseTexts
{
    /// <summary>ai-dynamo 1.6.</summary>
    Released,

    /// <summary>The source of July 2026.</summary>
    Source,
}

/// <summary>What becomes of the text where a stream goes on on another worker.</summary>
internal enum MigratedTokens
{
    Exact,

    /// <summary>One token is lost at each migration.</summary>
    Lose,

    /// <summary>One token comes twice at each migration.</summary>
    Double,
}

/// <summary>
/// The settings of profile <c>today</c>, in which frontend, workers and operator do as a Dynamo of 2026 was seen to; README.md beside the
/// project's file has the list. Without <c>STANDIN_PROFILE=today</c> there are none, and all is as in September 2025.
/// </summary>
internal sealed record TodaySettings
{
    private const int KeptPerLease = 3;

    /// <summary>DYN_DISCOVERY_BACKEND.</summary>
    public DiscoveryBackend Discovery { get; init; } = DiscoveryBackend.Kubernetes;

    /// <summary>How long a dead worker stays known where leases are kept (STANDIN_LEASE_SECONDS); kept every third of it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a lease is kept, and with files those of others are looked at.</summary>
    public TimeSpan ScanEvery => Lease / KeptPerLease;

    /// <summary>How often a frontend asks workers again that it found dead (STANDIN_RECONCILE_SECONDS).</summary>
    public TimeSpan Reconcile { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker may take to say that it has a request (STANDIN_REQUEST_TIMEOUT_SECONDS).</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a frontend that was told to stop finishes answers (DYN_HTTP_GRACEFUL_SHUTDOWN_TIMEOUT_SECS).</summary>
    public TimeSpan FrontendGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What an engine's worker waits between leaving and ending, however little it has to do (DYN_GRACEFUL_SHUTDOWN_GRACE_PERIOD_SECS).
    /// </summary>
    public TimeSpan WorkerPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker that was told to stop finishes answers (DYN_RUNTIME_GRACEFUL_SHUTDOWN_TIMEOUT_SECS).</summary>
    public TimeSpan WorkerGrace { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>
    /// How often a request may go on on another worker (DYN_MIGRATION_LIMIT, or the frontend's <c>--migration-limit</c>).
    /// </summary>
    public int MigrationLimit { get; init; }

    /// <summary>What a migration does to the text (STANDIN_MIGRATED_TOKENS): exact, lose, double.</summary>
    public MigratedTokens MigratedTokens { get; init; }

    /// <summary>Whose log lines are written (STANDIN_TEXTS): released, source.</summary>
    public ReleaseTexts Texts { get; init; }

    /// <summary>Whether workers have leases.</summary>
    public bool HasLeases => Discovery != DiscoveryBackend.Kubernetes;

    /// <summary>
    /// Reads the settings; null where STANDIN_PROFILE is not today. Throws <see cref="UsageException"/> with the variable's name.
    /// </summary>
    public static TodaySettings? FromEnvironment(Func<string, string?> variable)
    {
        if (OneOf(variable, "STANDIN_PROFILE", "published", "quick", "published", "today") != "today")
        {
            return null;
        }

        var otherwise = new TodaySettings();
        return new()
        {
            Discovery = Enum.Parse<DiscoveryBackend>(
                OneOf(variable, "DYN_DISCOVERY_BACKEND", "kubernetes", "kubernetes", "etcd", "file"),
                ignoreCase: true
            ),
            Lease = Seconds(variable, "STANDIN_LEASE_SECONDS", otherwise.Lease),
            Reconcile = Seconds(variable, "STANDIN_RECONCILE_SECONDS", otherwise.Reconcile),
            RequestTimeout = Seconds(variable, "STANDIN_REQUEST_TIMEOUT_SECONDS", otherwise.RequestTimeout),
            FrontendGrace = Seconds(variable, "DYN_HTTP_GRACEFUL_SHUTDOWN_TIMEOUT_SECS", otherwise.FrontendGrace),
            WorkerPause = Seconds(variable, "DYN_GRACEFUL_SHUTDOWN_GRACE_PERIOD_SECS", otherwise.WorkerPause),
            WorkerGrace = Seconds(variable, "DYN_RUNTIME_GRACEFUL_SHUTDOWN_TIMEOUT_SECS", otherwise.WorkerGrace),
            MigrationLimit = Limit(variable),
            MigratedTokens = Enum.Parse<MigratedTokens>(
                OneOf(variable, "STANDIN_MIGRATED_TOKENS", "exact", "exact", "lose", "double"),
                ignoreCase: true
            ),
            Texts = Enum.Parse<ReleaseTexts>(OneOf(variable, "STANDIN_TEXTS", "released", "released", "source"), ignoreCase: true),
        };
    }

    private static int Limit(Func<string, string?> variable)
    {
        const string Name = "DYN_MIGRATION_LIMIT";
        var text = variable(Name) is { Length: > 0 } given ? given : "0";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit <= MostMigrations
            ? limit
            : throw new UsageException($"{Name} is '{text}', but must be a whole number from 0 to {MostMigrations}");
    }

    /// <summary>The greatest <see cref="MigrationLimit"/>.</summary>
    public const int MostMigrations = 1000;

    private static string OneOf(Func<string, string?> variable, string name, string otherwise, params string[] known)
    {
        var text = variable(name) is { Length: > 0 } given ? given : otherwise;
        return known.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? text.ToLowerInvariant()
            : throw new UsageException($"{name} is '{text}', but must be {string.Join(", ", known[..^1])} or {known[^1]}");
    }

    private static TimeSpan Seconds(Func<string, string?> variable, string name, TimeSpan otherwise)
    {
        if (variable(name) is not { Length: > 0 } text)
        {
            return otherwise;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{name} is '{text}', but must be a number of seconds from 0 to 86400");
    }
}
