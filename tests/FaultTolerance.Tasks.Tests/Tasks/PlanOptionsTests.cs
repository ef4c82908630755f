using FaultTolerance.Scenarios;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Tasks;

public sealed class PlanOptionsTests
{
    private static readonly PlanOptions Asked = new() { Seed = "7", Transport = "service", Parallelism = "3", Image = "my/image:1" };

    private static ScenarioCatalog Catalog { get; } = ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.Own);

    [Fact]
    public void MustAgree_lets_pass_what_is_the_same_or_not_given()
    {
        var plan = RunPlans.Make(Catalog, [Catalog.Matrix[0].Name], Asked, alone: false);

        new PlanOptions().MustAgree(plan, "r");
        (Asked with { ScenariosFile = RepositoryFiles.Scenarios, LoadProfile = "QUICK", Seed = "07" }).MustAgree(plan, "r");
    }

    [Fact]
    public void MustAgree_takes_the_same_file_in_another_place()
    {
        var plan = RunPlans.Make(Catalog, [Catalog.Matrix[0].Name], Asked, alone: false);
        var copy = Path.GetTempFileName();
        try
        {
            File.Copy(RepositoryFiles.Scenarios, copy, overwrite: true);
            new PlanOptions { ScenariosFile = copy }.MustAgree(plan, "r");
            File.AppendAllText(copy, " ");
            Assert.Equal("FT0120", Assert.Throws<FaultMatrixException>(() => new PlanOptions { ScenariosFile = copy }.MustAgree(plan, "r")).Code);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    [Fact]
    public void MustAgree_names_everything_that_differs()
    {
        var plan = RunPlans.Make(Catalog, [Catalog.Matrix[0].Name], Asked, alone: false);
        var given = new PlanOptions
        {
            ScenariosFile = "/nowhere/s.json", LoadProfile = "published", Image = "b", Model = "m", Seed = "8", Transport = "portforward", Parallelism = "4",
        };

        var e = Assert.Throws<FaultMatrixException>(() => given.MustAgree(plan, "r9"));

        Assert.Equal("FT0120", e.Code);
        Assert.Equal(
            $"run 'r9' was planned otherwise: --scenarios-file is /nowhere/s.json, and was {RepositoryFiles.Scenarios}; "
            + "--load-profile is published, and was quick; --image is b, and was my/image:1; --model is m, and was not given; "
            + "--seed is 8, and was 7; --transport is portforward, and was service; --parallelism is 4, and was 3. "
            + "Leave what differs out, or begin a new run",
            e.Message);
    }

    [Fact]
    public void MustAgree_loads_from_elsewhere_are_told_once()
    {
        var plan = RunPlans.Make(Catalog, [.. Catalog.Matrix.Take(2).Select(row => row.Name)], Asked, alone: false);

        var e = Assert.Throws<FaultMatrixException>(() =>
            new PlanOptions { Source = new LoadSource(FromCluster: true, Pods: 4, Image: null) }.MustAgree(plan, "r"));

        Assert.Equal("run 'r' was planned otherwise: --load-from is cluster, and was here. Leave what differs out, or begin a new run", e.Message);
    }

    [Fact]
    public void Make_notes_from_where_all_loads_come()
    {
        var source = new LoadSource(FromCluster: true, Pods: 4, Image: null);

        Assert.Equal(source, RunPlans.Make(Catalog, [Catalog.Matrix[0].Name], Asked with { Source = source }, alone: false).Source);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("3", 3)]
    public void Make_on_few_processors_has_fewer_at_a_time_where_nobody_says_how_many(string asked, int expected)
    {
        var plan = RunPlans.Make(Catalog, [Catalog.Matrix[0].Name], Asked with { Parallelism = asked, Processors = 1 }, alone: false);

        Assert.Equal(expected, plan.Parallelism);
    }

    [Fact]
    public void Make_of_rows_that_must_not_run_side_by_side_has_one_at_a_time()
    {
        var plan = RunPlans.Make(Catalog, [Catalog.Matrix[0].Name], Asked, alone: true);

        Assert.Equal(1, plan.Parallelism);
        Asked.MustAgree(plan, "r");
    }
}
