namespace FaultTolerance.StandIn.Tests.Support;

/// <summary>Awaits a condition of another process; the test's own time limit ends it where it never comes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> probe, string what)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            if (await probe() is { } found)
            {
                return found;
            }

            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException late) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"within {Limit.TotalSeconds} s not seen: {what}", late);
            }
        }
    }

    public static Task TrueAsync(Func<Task<bool>> condition, string what) =>
        NotNullAsync(async () => await condition() ? "yes" : null, what);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);
}
