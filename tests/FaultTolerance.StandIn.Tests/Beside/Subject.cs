using System.Diagnostics;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>A service of one frontend and some workers that are found by files: the real one, or the stand-in.</summary>
internal abstract class Subject : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    public abstract Uri Frontend { get; }

    public abstract string Model { get; }

    /// <summary>Starts the frontend, and returns how long it took to listen.</summary>
    public async Task<TimeSpan> StartFrontendAsync(string[] arguments, TimeSpan takes)
    {
        var start = Stopwatch.GetTimestamp();
        await BeginFrontendAsync(arguments, takes);
        await Eventually.TrueAsync(async () => (await GetAsync("/live")).Length > 0, "the frontend listens");
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Starts workers at once, and returns how long each took to be registered, in order of that.</summary>
    public async Task<IReadOnlyList<TimeSpan>> StartWorkersAsync(FaultRow row, IReadOnlyList<TimeSpan> take)
    {
        var start = Stopwatch.GetTimestamp();
        var count = row.Workers;
        for (var i = 0; i < count; i++)
        {
            await BeginWorkerAsync(i, row.RoleOf(i), elsewhere: false, take.ElementAtOrDefault(i));
        }

        var took = new List<TimeSpan>();
        await Eventually.TrueAsync(
            async () =>
            {
                for (var seen = await InstancesAsync(); took.Count < seen;)
                {
                    took.Add(Stopwatch.GetElapsedTime(start));
                }

                return took.Count >= count && (await GetAsync("/v1/models")).Contains(Model, StringComparison.Ordinal);
            },
            $"{count} workers");
        return took;
    }

    /// <summary>Starts the worker again, and returns how long it took to be registered.</summary>
    public async Task<TimeSpan> RestartWorkerAsync(int number, FaultRow row, TimeSpan takes)
    {
        var before = await IdsAsync();
        var start = Stopwatch.GetTimestamp();
        await BeginWorkerAsync(number, row.RoleOf(number), row.Elsewhere, takes);
        await Eventually.TrueAsync(async () => (await IdsAsync()).Except(before).Any(), "the worker is registered");
        return Stopwatch.GetElapsedTime(start);
    }

    public abstract int FrontendId { get; }

    public abstract int WorkerId(int number);

    /// <summary>Completes with the exit code; 128 and the signal where it was killed.</summary>
    public abstract Task<int> ExitAsync(int id);

    public abstract ValueTask EndAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await EndAsync();
    }

    public async Task<string> GetAsync(string path)
    {
        try
        {
            return await _client.GetStringAsync(new Uri(Frontend, path), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    protected abstract Task BeginFrontendAsync(string[] arguments, TimeSpan takes);

    protected abstract Task BeginWorkerAsync(int number, string? role, bool elsewhere, TimeSpan takes);

    private async Task<int> InstancesAsync() => (await IdsAsync()).Count;

    private async Task<IReadOnlyList<string>> IdsAsync() =>
        await GetAsync("/health") is { Length: > 0 } text
            ? [.. JsonNode.Parse(text)!["instances"]!.AsArray()
                .Where(instance => instance!["endpoint"]!.GetValue<string>() == "generate")
                .Select(instance => instance!["instance_id"]!.ToJsonString())]
            : [];
}
