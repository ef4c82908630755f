using System.Diagnostics;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Benchmarks;

/// <summary>What the load generator costs and how well it keeps its plan; each prints one JSON line.</summary>
internal static class Measurements
{
    public static async Task ClosedAsync(Options options)
    {
        var clients = (int)options.Number("clients", 10);
        var plain = options.Number("plain-sockets", 0) > 0;
        var spec = new LoadSpec { Clients = clients, RatePerClient = 1e12 };
        // As long as it takes the JIT to be done with its tiers; what it costs is no request's.
        await RunAsync(options.Port, spec with { RequestsPerClient = 600_000 / clients }, plain);
        spec = spec with { RequestsPerClient = (int)options.Number("requests", 400_000) / clients };
        // Until the last line is in its file and the files are closed; to delete them is the benchmark's own affair.
        using var scratch = new Scratch();
        var cpu = Environment.CpuUsage;
        var from = Stopwatch.GetTimestamp();
        var totals = await RunAsync(options.Port, spec, scratch, plain);
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var spent = (Environment.CpuUsage.TotalTime - cpu.TotalTime).TotalSeconds;
        Print(
            $"\"requests\":{totals.Sent},\"ok\":{totals.Succeeded},\"perSecond\":{totals.Sent / seconds:0},\"cpuSeconds\":{spent:0.00},\"perCpuSecond\":{totals.Sent / spent:0}"
        );
    }

    public static async Task OpenAsync(Options options)
    {
        var rate = options.Number("rate", 1000);
        var seconds = options.Number("seconds", 20);
        const int Clients = 10;
        var spec = new LoadSpec
        {
            Mode = LoadMode.Open, Clients = Clients, RatePerClient = rate / Clients, RequestsPerClient = (int)(rate * seconds / Clients),
            MaxOutstanding = 100_000,
        };
        await RunAsync(options.Port, spec with { RequestsPerClient = (int)rate / Clients });
        var health = (await RunAsync(options.Port, spec)).Health!;
        Print(
            $"\"asked\":{health.AskedRate:0.000},\"achieved\":{health.AchievedRate:0.000},\"lagP50Ms\":{health.SendLagP50 * 1e3:0.0000},"
                + $"\"lagP99Ms\":{health.SendLagP99 * 1e3:0.0000},\"lagMaxMs\":{health.SendLagMax * 1e3:0.000},\"floorP50Ms\":{health.FloorP50 * 1e3:0.0000},"
                + $"\"floorP99Ms\":{health.FloorP99 * 1e3:0.0000},\"cpuShare\":{health.CpuShare:0.000}"
        );
    }

    public static async Task StreamsAsync(Options options)
    {
        var count = (int)options.Number("count", 5000);
        const int Clients = 10;
        var spec = new LoadSpec
        {
            Mode = LoadMode.Open, Stream = true, Clients = Clients, RatePerClient = 200, RequestsPerClient = 20, MaxOutstanding = count + 1,
            Timeout = TimeSpan.FromMinutes(5), StallTimeout = TimeSpan.FromMinutes(1),
        };
        // A first few, so that what is paid once (code, thread pool, event loop) is not counted as the streams'.
        await HoldAsync(options.Port, spec, 200);
        var before = Resident();
        var held = await HoldAsync(options.Port, spec with { RequestsPerClient = count / Clients }, count);
        Print(
            $"\"streams\":{held.Streams},\"residentKiBPerStream\":{(held.Resident - before) / 1024.0 / count:0.0},\"residentMiB\":{held.Resident / 1048576.0:0}"
        );
    }

    /// <summary>
    /// What the tokens of streams at work cost: the client's processor time for each, and how many streams a processor carries at their
    /// pace.
    /// </summary>
    public static async Task TokensAsync(Options options)
    {
        const int Tokens = 100;
        var clients = (int)options.Number("clients", 200);
        var plain = options.Number("plain-sockets", 0) > 0;
        var spec = new LoadSpec { Clients = clients, RatePerClient = 1e12, Stream = true, OutputTokens = Tokens };
        await RunAsync(options.Port, spec with { RequestsPerClient = 4 }, plain);
        spec = spec with { RequestsPerClient = (int)options.Number("requests", 10) };
        using var scratch = new Scratch();
        var cpu = Environment.CpuUsage;
        var from = Stopwatch.GetTimestamp();
        var totals = await RunAsync(options.Port, spec, scratch, plain);
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var spent = (Environment.CpuUsage.TotalTime - cpu.TotalTime).TotalSeconds;
        var tokens = totals.Succeeded * Tokens;
        Print($"\"streams\":{clients},\"ok\":{totals.Succeeded},\"tokensPerSecond\":{tokens / seconds:0},\"cpuSeconds\":{spent:0.00},"
            + $"\"tokensPerCpuSecond\":{tokens / spent:0},\"streamsPerCore\":{clients * seconds / spent:0}");
    }

    private static async Task<(int Streams, long Resident)> HoldAsync(int port, LoadSpec spec, int count)
    {
        using var scratch = new Scratch();
        await using var transport = new SocketTransport(port);
        await using var run = LoadGenerator.Start(spec, "m", transport, scratch.Folder, scratch.Timeline,
            new LoadOptions { MeasureFloor = false });
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (run.Progress.InFlight < count && await timer.WaitForNextTickAsync(patience.Token))
        {
        }

        // Two more tokens on each, so that it is streams at work that are weighed.
        await Task.Delay(5000);
        var held = (run.Progress.InFlight, Resident());
        await run.StopAsync("measured");
        return held;
    }

    private static async Task<LoadTotals> RunAsync(int port, LoadSpec spec, bool plain = false)
    {
        using var scratch = new Scratch();
        return await RunAsync(port, spec, scratch, plain);
    }

    private static async Task<LoadTotals> RunAsync(int port, LoadSpec spec, Scratch scratch, bool plain)
    {
        await using var transport = new SocketTransport(port, plain);
        await using var run = LoadGenerator.Start(spec, "m", transport, scratch.Folder, scratch.Timeline);
        return await run.Completion;
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static void Print(string keys) => Console.WriteLine($"{{{keys}}}");

    private sealed class Scratch : IDisposable
    {
        public Scratch()
        {
            Folder = new ScenarioFolder(Directory.CreateTempSubdirectory("load-bench-").FullName);
            Timeline = new TimelineWriter(Folder.Timeline, RunClock.Start(TimeProvider.System));
        }

        public ScenarioFolder Folder { get; }

        public TimelineWriter Timeline { get; }

        public void Dispose()
        {
            Timeline.Dispose();
            Directory.Delete(Folder.Path, recursive: true);
        }
    }
}
