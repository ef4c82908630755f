using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Tasks;

public sealed class AsyncTaskTests
{
    [Fact]
    public async Task Execute_onASchedulerOfTheEngine_workRunsOnTheDefaultOne()
    {
        // The engine's scheduler gives work to threads of its own, one piece after another: an await that goes on there wakes one of them.
        var engines = new ConcurrentExclusiveSchedulerPair().ConcurrentScheduler;
        using var task = new Noting { BuildEngine = new RecordingEngine() };

        var executed = await Task.Factory.StartNew(
            task.Execute, TestContext.Current.CancellationToken, TaskCreationOptions.None, engines);

        Assert.True(executed);
        Assert.Equal([TaskScheduler.Default, TaskScheduler.Default], task.Seen);
    }

    private sealed class Noting : AsyncTask
    {
        public List<TaskScheduler> Seen { get; } = [];

        protected override async Task RunAsync(CancellationToken cancellation)
        {
            Seen.Add(TaskScheduler.Current);
            await Task.Yield();
            Seen.Add(TaskScheduler.Current);
        }
    }
}
