using System.Collections.Immutable;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Plans;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Faults.Toy;

namespace FaultTolerance.Tests.Scenarios.Plans;

public sealed class PlanFileTests : IDisposable
{
    private const string File1 = """
        {
          "deployments": { "own": { "manifest": "graph.yaml", "roles": ["frontend", "decode"], "replicas": { "decode": 2 } } },
          "failures": {
            "none": {},
            "decode_worker": { "kind": "killProcess", "target": "decode", "process": "dynamo.vllm", "signal": "SIGINT", "after": 3 },
            "two": { "faults": [{ "kind": "deletePod", "target": "frontend", "pods": "all" }, { "kind": "killProcess", "target": "decode", "process": "x" }] }
          },
          "loads": { "short": { "inputTokens": { "kind": "mixture", "parts": [{ "weight": 3, "tokens": 9 }, { "tokens": { "kind": "logNormal", "mean": 50, "deviation": 9.5 } }] },
              "outputTokens": { "kind": "normal", "mean": 7.5, "deviation": 2, "min": 2, "max": 20 }, "sharedPrefix": { "tokens": 5, "groups": 2 }, "clients": 2, "requestsPerClient": 20, "ratePerClient": 4, "timeout": 5, "mode": "open", "arrivals": "poisson" } },
          "profiles": { "quick": { "load": "short", "after": 1, "environment": { "A": "b" }, "services": { "decode": { "x": [1, { "y": null }] } } } },
          "checks": [{ "outageAtMost": 2 }],
          "matrix": [ { "deployments": ["own"], "failures": ["none", "decode_worker", "two"] } ]
        }
        """;

    private const string Manifest = """
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoGraphDeployment
        metadata: {name: own}
        spec:
          services:
            Frontend: {componentType: frontend, replicas: 1, envs: [{name: MODE, value: plain}]}
            VllmDecodeWorker: {componentType: worker, replicas: 1}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("plan-").FullName;

    private string ScenariosFile => Path.Combine(_folder, "scenarios.json");

    private string ManifestFile => Path.Combine(_folder, "graph.yaml");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public PlanFileTests()
    {
        File.WriteAllText(ScenariosFile, File1);
        File.WriteAllText(ManifestFile, Manifest);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Read_gives_what_was_written_whatever_becomes_of_the_files()
    {
        var made = Make();
        var graphs = await GraphsAsync(made);
        Write(made);
        var written = await File.ReadAllTextAsync(Path.Combine(_folder, PlanFile.Name), Cancellation);
        await File.WriteAllTextAsync(ScenariosFile, "{ no scenarios any more", Cancellation);
        await File.WriteAllTextAsync(ManifestFile, "kind: Something", Cancellation);

        var read = PlanFile.Read(_folder, RepositoryFiles.Vocabulary);

        Assert.Equal(["own-none", "own-decode_worker", "own-two"], read.Scenarios.Select(row => row.Name));
        Assert.Equal(graphs, await GraphsAsync(read));
        Assert.Equal((7, "service", 3, "quick"), (read.Seed, read.Transport, read.Parallelism, read.Profile));
        Assert.Equal(made.Scenarios.Select(row => (row.GraphName, row.Load)), read.Scenarios.Select(row => (row.GraphName, row.Load)));
        Assert.Equal(made.Scenarios.SelectMany(row => row.Failure.Faults), read.Scenarios.SelectMany(row => row.Failure.Faults));
        Assert.Equal(made.Scenarios.SelectMany(row => row.Checks), read.Scenarios.SelectMany(row => row.Checks));
        // Written again, whatever the file did not hold would be missing.
        await File.WriteAllTextAsync(ManifestFile, Manifest, Cancellation);
        Write(read);
        Assert.Equal(written, await File.ReadAllTextAsync(Path.Combine(_folder, PlanFile.Name), Cancellation));
    }

    [Theory]
    [InlineData("here", "", "")]
    [InlineData("cluster", "", "")]
    [InlineData("cluster", "4", "")]
    [InlineData("both", "", "my/tool:1")]
    [InlineData("both", "4", "my/tool:1")]
    public void Read_gives_from_where_loads_come_whatever_of_it_nobody_said(string from, string pods, string image)
    {
        var source = LoadSource.Of(from, pods, image);
        var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.Own);
        Write(RunPlans.Make(catalog, [catalog.Matrix[0].Name], new PlanOptions { Source = source }, alone: false));

        Assert.Equal(source, PlanFile.Read(_folder, RepositoryFiles.Vocabulary).Source);
    }

    [Fact]
    public void Read_gives_an_address_of_which_nobody_said_more()
    {
        var ingress = new UrlTarget("http://localhost:1");
        var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.Own);
        Write(RunPlans.Make(catalog, [catalog.Matrix[0].Name], new PlanOptions { Ingress = ingress }, alone: false));

        Assert.Equal(ingress, PlanFile.Read(_folder, RepositoryFiles.Vocabulary).Ingress);
    }

    [Fact]
    public void Read_gives_the_rows_of_the_repository_and_their_trials()
    {
        foreach (var profile in new[] { "quick", "published" })
        {
            var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.Own with { Profile = profile });
            var names = catalog.All.Select(row => row.Name).Concat(catalog.Matrix.Take(2).Select(row => row.AsTrial(3).Name)).ToList();
            var plan = RunPlans.Make(catalog, names, new PlanOptions(), alone: false);
            Write(plan);

            var read = PlanFile.Read(_folder, RepositoryFiles.Vocabulary);

            Assert.Equal(names, read.Scenarios.Select(row => row.Name));
            Assert.Equal(plan.Scenarios.Select(row => (row.Trial, row.GraphName, row.Load)),
                read.Scenarios.Select(row => (row.Trial, row.GraphName, row.Load)));
            Assert.Equal(plan.Scenarios.SelectMany(row => row.Failure.Faults), read.Scenarios.SelectMany(row => row.Failure.Faults));
        }
    }

    [Fact]
    public void Read_gives_a_kind_of_fault_that_somebody_added()
    {
        var vocabulary = new ScenarioVocabulary { Faults = [new ToyFaultKind()] };
        var fault = new ToyFault("worn", TimeSpan.FromSeconds(2.5)) { Target = "decode", After = TimeSpan.FromSeconds(4), Pods = new(SelectionMode.Percent, 30) };
        var row = Make().Scenarios[0];
        var plan = Make() with { Scenarios = [row with { Failure = new Failure("toy", [fault]) }] };
        PlanFile.Write(_folder, plan, vocabulary, (_, _) => false);

        Assert.Equal(fault, Assert.Single(PlanFile.Read(_folder, vocabulary).Scenarios[0].Failure.Faults));
        Assert.Equal(
            "FT0709",
            Assert.Throws<FaultMatrixException>(() => PlanFile.Read(_folder, RepositoryFiles.Vocabulary)).Code
        );
    }

    [Theory]
    [InlineData("graph.yaml", "value: plain", "value: sk-0123456789abcdef", "the manifest")]
    [InlineData("scenarios.json", "\"A\": \"b\"", "\"HF_TOKEN\": \"geheim\"", "the profile 'quick'")]
    public void Secrets_are_not_written_and_a_file_that_held_them_must_stay_as_it_was(string file, string plain, string secret, string what)
    {
        var path = Path.Combine(_folder, file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(plain, secret, StringComparison.Ordinal));
        var made = Make();
        Write(made);
        var hidden = secret.Split('"', ' ')[^(file == "graph.yaml" ? 1 : 2)];
        Assert.DoesNotContain(hidden, File.ReadAllText(Path.Combine(_folder, PlanFile.Name)), StringComparison.Ordinal);

        var read = PlanFile.Read(_folder, RepositoryFiles.Vocabulary);
        Assert.Equal(made.Scenarios[0].Deployment.Overlay.Environment, read.Scenarios[0].Deployment.Overlay.Environment);

        File.WriteAllText(path, File.ReadAllText(path).Replace(hidden, "sk-abcdef0123456789", StringComparison.Ordinal));
        var e = Assert.Throws<FaultMatrixException>(() => PlanFile.Read(_folder, RepositoryFiles.Vocabulary));
        Assert.Equal("FT0121", e.Code);
        Assert.StartsWith(what, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"plan":{"scenarios":[{"failure":{"faults":[{"kind":"unknown"}]}}]}}""")]
    public void Read_of_what_is_no_plan_is_one_line(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(Path.Combine(_folder, PlanFile.Name), text);
        }

        var e = Assert.Throws<FaultMatrixException>(() => PlanFile.Read(_folder, RepositoryFiles.Vocabulary));

        Assert.Equal("FT0709", e.Code);
        Assert.DoesNotContain('\n', e.Message);
    }

    private RunPlan Make()
    {
        var catalog = ScenarioFile.Load(ScenariosFile, RepositoryFiles.Own);
        return RunPlans.Make(
            catalog,
            [.. catalog.Matrix.Select(row => row.Name)],
            new PlanOptions { Seed = "7", Transport = "service", Parallelism = "3" },
            alone: false
        );
    }

    private void Write(RunPlan plan) => PlanFile.Write(_folder, plan, RepositoryFiles.Vocabulary, RunPlans.HoldsSecret);

    private static async Task<ImmutableArray<string>> GraphsAsync(RunPlan plan)
    {
        var graphs = new List<string>();
        foreach (var row in plan.Scenarios)
        {
            var graph = await GraphKinds.Default.LoadAsWrittenAsync(row, "run", "ft", Cancellation);
            graphs.AddRange(graph.Objects.Select(o => o.Body.ToJsonString()));
        }

        return [.. graphs];
    }
}
