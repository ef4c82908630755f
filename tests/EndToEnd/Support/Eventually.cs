namespace EndToEnd;

/// <summary>Waits for a state that can only be looked at from outside.</summary>
internal static class Eventually
{
    // A machine that others use as well may take a minute for what takes seconds alone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Looks until it is so; fails with what <paramref name="otherwise"/> says when it never is.</summary>
    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise) => TrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string})"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail(otherwise());
            }
        }
    }
}
