using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Cluster;

/// <summary>
/// Lets a fake clock run until something is done: a second of its time for a few milliseconds, so that what is answered is answered in
/// time.
/// </summary>
internal static class PumpedTime
{
    /// <summary>
    /// A limit for a wait that has to be told of more than once before it ends. A machine that stands still for half a second of the real
    /// time loses half a minute of the fake one, so a limit of that size would end the wait with too little said.
    /// </summary>
    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(200);

    public static async Task<T> PumpAsync<T>(this FakeTimeProvider time, Task<T> until, int seconds = 600)
    {
        await time.PumpAsync((Task)until, seconds);
        return await until;
    }

    public static async Task PumpAsync(this FakeTimeProvider time, Task until, int seconds = 600)
    {
        for (var i = 0; i < seconds * 4 && !until.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(until, Task.Delay(4, TestContext.Current.CancellationToken));
        }

        Assert.True(until.IsCompleted, $"not done after {seconds} s of the session's time");
        await until;
    }
}
