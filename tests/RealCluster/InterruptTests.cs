using RealCluster.Support;

namespace RealCluster;

/// <summary>Runs that are broken off leave nothing in the namespace, or what the next Teardown removes.</summary>
public sealed class InterruptTests
{
    private const int Interrupt = 2;
    private const int Kill = 9;

    [RealClusterFact]
    public async Task Interrupt_under_load_removes_everything()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using var script = await UnderLoadAsync(space);

        script.Signal(Interrupt);

        Assert.True(await script.WaitAsync() == 130, script.Output);
        await space.AssertNothingLeftAsync();
    }

    [RealClusterFact]
    public async Task Teardown_after_a_kill_removes_what_the_run_could_not()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using (var script = await UnderLoadAsync(space))
        {
            script.Signal(Kill);
            Assert.Equal(137, await script.WaitAsync());
        }

        var (code, output) = await BuildScript.RunAsync([
            "Teardown",
            "--kubeconfig",
            RealClusterFactAttribute.Kubeconfig!,
            "--namespace",
            space.Name,
        ]);

        Assert.True(code == 0, output);
        await space.AssertNothingLeftAsync(lease: false);
    }

    private static async Task<BuildScript> UnderLoadAsync(TestNamespace space)
    {
        var script = BuildScript.Start([
            "FaultMatrix",
            "--scenario",
            "plain-agg-none",
            "--kubeconfig",
            RealClusterFactAttribute.Kubeconfig!,
            "--namespace",
            space.Name,
        ]);
        await script.SeesAsync(line => line.Contains("Load started", StringComparison.Ordinal));
        return script;
    }
}
