using System.Text;
using FaultTolerance.Graphs;
using FaultTolerance.Load.Workers;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.LoadJobs;

public sealed class LoadJobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loadjob-").FullName;
    private readonly LoadJob _job = new(new GraphOwner("20260101-000000-abcd", "agg-none", "ft"), "tool:2", 4, TimeSpan.FromMinutes(20));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ToJson_is_an_Indexed_Job_that_ends_by_itself()
    {
        var spec = _job.ToJson()["spec"]!;

        Assert.Equal(
            ("Indexed", 4, 4, 1200, 60, 0),
            (spec["completionMode"]!.GetValue<string>(), spec["completions"]!.GetValue<int>(), spec["parallelism"]!.GetValue<int>(),
                spec["activeDeadlineSeconds"]!.GetValue<int>(), spec["ttlSecondsAfterFinished"]!.GetValue<int>(),
                spec["backoffLimitPerIndex"]!.GetValue<int>()));
    }

    [Fact]
    public void ToJson_pods_carry_our_labels_and_none_by_which_a_graph_finds_its_own()
    {
        var labels = _job.ToJson()["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();

        Assert.Equal(
            [GraphLabels.ManagedBy, LoadJob.Label, GraphLabels.Run, GraphLabels.Scenario], labels.Select(label => label.Key).Order());
        Assert.True(GraphLabels.AreOurs(labels.Select(label => KeyValuePair.Create(label.Key, label.Value!.GetValue<string>()))));
    }

    [Fact]
    public void ToJson_pods_have_no_rights_and_write_nowhere_but_to_their_own_folder()
    {
        var pod = _job.ToJson()["spec"]!["template"]!["spec"]!;
        var container = Assert.Single(pod["containers"]!.AsArray())!;

        Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
        Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
        Assert.True(container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
        Assert.Equal("tool:2", container["image"]!.GetValue<string>());
    }

    [Fact]
    public void SecretFor_has_the_plan_and_goes_with_the_Job_which_says_nothing_of_it()
    {
        var plan = Plan(new LoadSpec { Name = "l" });

        var secret = _job.SecretFor("uid-1", plan);

        Assert.Equal("uid-1", secret["metadata"]!["ownerReferences"]![0]!["uid"]!.GetValue<string>());
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(secret["data"]![WorkerPlan.FileName]!.GetValue<string>()));
        Assert.Contains(plan.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Token, _job.ToJson().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void PlanFiles_more_than_a_Secret_holds_is_refused()
    {
        var file = Path.Combine(_folder, "prompts.jsonl");
        File.WriteAllText(file, new string('x', 1 << 20));

        var error = Assert.Throws<FaultMatrixException>(() => PlanFiles.Of(Plan(new LoadSpec { Prompts = new WorkFile(file, "h", 1) })));

        Assert.Equal("FT0522", error.Code);
        Assert.Contains("a Secret holds 1048576", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_of_the_same_row_is_the_same_and_of_another_another()
    {
        string Name(string row) => new LoadJob(new GraphOwner("r", row, "ft"), "i", 1, TimeSpan.Zero).Name;

        Assert.Equal(Name("a"), Name("a"));
        Assert.NotEqual(Name("a"), Name("b"));
        Assert.True(Name("a").Length < 50);
    }

    private static WorkerPlan Plan(LoadSpec load) => new() { Load = load, Model = "m", Workers = 4, Token = "a secret word" };
}
