using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Workers;

public sealed class WorkerPlanTests
{
    [Fact]
    public void Read_a_load_with_all_it_may_have_is_as_it_was_written()
    {
        var plan = new WorkerPlan
        {
            Model = "m",
            Workers = 3,
            Token = "t",
            Load = new LoadSpec
            {
                Name = "all", Mode = Artefacts.LoadMode.Open, Clients = 9, Arrivals = Arrivals.Gamma, Burstiness = 0.5,
                Stream = true, Goodput = new GoodputLimits { Ttft = 0.5 }, Ramp = TimeSpan.FromSeconds(3), Pods = 3,
                OutputLengths = new LengthSpec { Kind = LengthKind.Mixture, Parts = [new(0.5, new LengthSpec { Mean = 3 })] },
                SharedPrefix = new(10, 2), Prompts = new WorkFile("/there/p.jsonl", "hash", 4),
                Trace = new TraceSpec(new WorkFile("/there/t.jsonl", "h2", 5), 10, 2),
            },
        };

        var read = WorkerPlan.Read(plan.ToJson());

        Assert.Equal(plan.ToJson(), read.ToJson());
        Assert.Equal(plan.Load.OutputLengths!.Parts.Single().Lengths.Mean, read.Load.OutputLengths!.Parts.Single().Lengths.Mean);
        Assert.Equal(
            (plan.Load with { OutputLengths = null, Seed = 1 }).ToString(), (read.Load with { OutputLengths = null, Seed = 1 }).ToString());
    }

    [Fact]
    public void LoadIn_what_is_judged_of_all_clients_is_not_the_workers()
    {
        var plan = new WorkerPlan
        {
            Model = "m", Workers = 3, Token = "t", IsWatched = true,
            Load = new LoadSpec { UntilRecovered = TimeSpan.FromSeconds(9), StopWhen = new StopWhen { Lost = 1 } },
        };

        var load = WorkerPlan.Read(plan.ToJson()).LoadIn("/here");

        Assert.Equal((null, null), (load.UntilRecovered, load.StopWhen));
    }

    [Fact]
    public void LoadIn_files_lie_beside_the_plan_and_the_bound_on_outstanding_requests_is_shared()
    {
        var plan = new WorkerPlan
        {
            Model = "m", Workers = 3, Token = "t",
            Load = new LoadSpec { MaxOutstanding = 10, Prompts = new WorkFile("/there/p.jsonl", "hash", 4) },
        };

        var load = plan.LoadIn("/here");

        Assert.Equal((4, "/here/prompts", "hash"), (load.MaxOutstanding, load.Prompts!.Path, load.Prompts.Hash));
        Assert.Equal([(WorkerPlan.PromptsName, "/there/p.jsonl")], plan.Files.Select(file => (file.Name, file.File.Path)));
    }
}
