namespace FaultTolerance.Tests.GroundTruth;

/// <summary>Runs simulations.</summary>
internal static class Simulation
{
    /// <summary>A simulation is one thread; as many run at once as there are processors.</summary>
    public static Task<List<SimulatedRun>> AllAsync(int count, Func<int, SimulatedRun> run) =>
        Task.Run(
            () =>
                Enumerable
                    .Range(0, count)
                    .AsParallel()
                    .AsOrdered()
                    .WithCancellation(TestContext.Current.CancellationToken)
                    .Select(run)
                    .ToList(),
            TestContext.Current.CancellationToken
        );
}
