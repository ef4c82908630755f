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
    public async Task<IReadOnlyList<TimeSpan>> StartWorkersAsync(int count, IReadOnlyList<TimeSpan> take)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await BeginWorkerAsync(i, take.ElementAtOrDefault(i));
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
    public async Task<TimeSpan> RestartWorkerAsync(int number, TimeSpan takes)
    {
        var before = await InstancesAsync();
        var start = Stopwatch.GetTimestamp();
        await BeginWorkerAsync(number, takes);
        await Eventually.TrueAsync(async () => await InstancesAsync() > before, "the worker is registered");
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

    protected abstract Task BeginWorkerAsync(int number, TimeSpan takes);

    private async Task<int> InstancesAsync() =>
        await GetAsync("/health") is { Length: > 0 } text
            ? JsonNode.Parse(text)!["instances"]!.AsArray().Count(instance => instance!["endpoint"]!.GetValue<string>() == "generate")
            : 0;
}
