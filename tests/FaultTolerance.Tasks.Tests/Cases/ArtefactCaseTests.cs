using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Results;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Cases;

/// <summary>The cases that are files: result folders, metrics, manifests.</summary>
public sealed class ArtefactCaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Client_logs_with_what_Python_writes_count()
    {
        var rows = Rows("json-log");

        Assert.Equal(1.0, rows["e_nan"].SuccessAfter);
        Assert.Equal(2.0, rows["m_evil"].FailedAfter);
    }

    [Fact]
    public void Ready_lines_behind_progress_bars_and_cursor_codes_are_found()
    {
        var rows = Rows("ready-line");

        Assert.Equal(4, rows.Count);
        Assert.All(rows.Values, row => Assert.Equal(40.0, row.Recovery!.Value, 6));
    }

    [Fact]
    public void Exemplars_are_no_values()
    {
        var text = File.ReadAllText(CaseFiles.Of("exemplars", "metrics.txt"));
        var samples = text.Split('\n').Select(Exposition.Sample).OfType<(string Series, double Value)>()
            .ToDictionary(sample => sample.Series, sample => sample.Value, StringComparer.Ordinal);

        Assert.Equal(5, samples["vllm_requests_total{model=\"m\"}"]);
        Assert.Equal(7, samples["vllm_plain_total"]);
        Assert.Equal(4, samples["vllm_stamped{model=\"m\"}"]);
    }

    [Theory]
    [InlineData("rename", "dynamo.yaml")]
    [InlineData("rename", "llama.yaml")]
    [InlineData("tini", "tini-agg.yaml")]
    [InlineData("sidecar-first", "side-agg.yaml")]
    [InlineData("bind-all", "mock.yaml")]
    public void Graphs_of_other_people_keep_their_images_commands_and_arguments(string folder, string file)
    {
        var manifest = Manifest.Load(CaseFiles.Of(folder, file));
        var kind = GraphKinds.Default.All.First(one => one.Handles(manifest));

        var graph = kind.Build(manifest, "ft-renamed", new Deployment { Name = "x", Manifest = file }, new GraphOwner("r", "x-none", "ft"), []);

        string[] Of(Func<System.Text.Json.Nodes.JsonNode, System.Text.Json.Nodes.JsonNode?> part, IEnumerable<System.Text.Json.Nodes.JsonObject> bodies) =>
        [
            .. bodies.Where(body => body["kind"]!.ToString() == "Deployment")
                .SelectMany(body => body["spec"]!["template"]!["spec"]!["containers"]!.AsArray())
                .Select(container => part(container!)?.ToJsonString() ?? "").Order(StringComparer.Ordinal),
        ];
        foreach (var key in new[] { "image", "command", "args", "workingDir" })
        {
            Assert.Equal(Of(c => c[key], manifest.Documents.Select(d => d.Body)), Of(c => c[key], graph.Objects.Select(o => o.Body)));
        }

        Assert.All(graph.Objects, made => Assert.StartsWith("ft-renamed", made.Name, StringComparison.Ordinal));
        Assert.Empty(graph.Warnings);
    }

    [Fact]
    public async Task Tiny_model_of_random_weights_is_made()
    {
        var script = CaseFiles.Of("make-tiny-gguf.py");
        var (missing, _) = await CaseFiles.PythonAsync("-c", "import numpy, gguf");
        Assert.SkipWhen(missing != 0, "this machine's Python has no numpy or no gguf");
        var folder = Directory.CreateTempSubdirectory("gguf-").FullName;
        try
        {
            var model = Path.Combine(folder, "tiny.gguf");
            var (code, errors) = await CaseFiles.PythonAsync(script, model, "64", "2", "4", "128", "2048");

            Assert.True(code == 0, errors);
            Assert.Equal("GGUF"u8.ToArray(), (await File.ReadAllBytesAsync(model, Cancellation))[..4]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, FaultTolerance.Results.Legacy.LegacyRow> Rows(string folder) =>
        RunParser.Parse(CaseFiles.Of(folder), cancellation: Cancellation).Scenarios
            .ToDictionary(row => row.Row.Failure, row => row.Row, StringComparer.Ordinal);
}
