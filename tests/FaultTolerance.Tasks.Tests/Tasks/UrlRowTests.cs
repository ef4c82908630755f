using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load.Urls;
using FaultTolerance.Runs;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Scenarios;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace FaultTolerance.Tests.Tasks;

/// <summary>Rows whose deployment is an address, through the tasks that a build calls for them; there is no cluster.</summary>
public sealed class UrlRowTests : IDisposable
{
    private readonly UrlRun _run = new();

    [Theory]
    [InlineData(false, "chat", true)]
    [InlineData(true, "chat", true)]
    [InlineData(false, "completions", false)]
    [InlineData(true, "completions", true)]
    public async Task Load_of_an_address_is_a_run_of_its_own_with_tables_and_no_secret(bool http2, string api, bool stream)
    {
        await using var service = await TlsService.StartAsync(http2);

        await _run.LoadAsync(service, http2, api, UrlRun.Loads(clients: 3, requests: 8, rate: 20, stream));

        Assert.Empty(_run.Lines);
        var row = _run.Row();
        UrlRun.Is("Baseline", row);
        Assert.Equal(24, (int?)row["requests"]!["succeeded"]);
        Assert.Equal(24,
            service.Asked.Count(asked => asked.Path.EndsWith($"/v1/{(api == "chat" ? "chat/" : "")}completions", StringComparison.Ordinal)
            && asked.Body.Contains("ignore_eos", StringComparison.Ordinal)));
        Assert.True(File.Exists(Path.Combine(_run.Folder, "report.html")));
        Times(row, service, stream);
        _run.HoldsNoSecret();
    }

    [Fact]
    public async Task Service_that_repeats_its_key_finds_it_in_no_artefact()
    {
        await using var service = await TlsService.StartAsync(http2: false);
        var asked = 0;
        service.Instead = async context =>
        {
            if (Interlocked.Increment(ref asked) <= 4 || asked % 2 == 0)
            {
                return false;
            }

            var said = $"\"you gave {context.Request.Headers.Authorization}\"";
            await TlsService.SayAsync(context, asked % 3 == 0 ? 500 : 200, asked % 3 == 0
                ? $$$"""{"error": {"message": {{{said}}} } }""" : $$$"""{"choices": [{"message": {"content": {{{said}}} } }] }""");
            return true;
        };

        await _run.LoadAsync(service, http2: false, "chat", UrlRun.Loads(clients: 2, requests: 10, rate: 50, stream: false));

        Assert.Contains("ServerError", File.ReadAllText(Path.Combine(_run.Folder, "summary.json")), StringComparison.Ordinal);
        _run.HoldsNoSecret();
    }

    [Fact]
    public async Task Refusal_is_one_line_and_leaves_no_run()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        await _run.LoadAsync(service, http2: false, "chat", UrlRun.Loads(1, 1, 1, false), key: "an0therKey42");

        Assert.Contains("FT0514", Assert.Single(_run.Lines), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_run.Results));
    }

    [Fact]
    public async Task Deployment_of_the_file_may_be_an_address()
    {
        await using var service = await TlsService.StartAsync(http2: false);
        await _run.WriteSecretsAsync(service);
        var file = _run.Write("rows.json", $$"""
            {
              "deployments": { "there": { "url": "{{service.Url}}", "caFile": "ca.pem", "apiKeyFile": "key" } },
              "failures": { "none": {}, "by_hand": { "kind": "external", "after": 1 },
                  "gone": { "kind": "deletePod", "target": "frontend" } },
              "loads": { {{UrlRun.Loads(2, 5, 20, true)}} },
              "profiles": { "quick": { "load": "l" } },
              "matrix": [{ "deployments": ["*"], "failures": ["none", "by_hand"] }]
            }
            """);

        await _run.RunAsync(file, new TaskItem("address"));

        Assert.Empty(_run.Lines);
        Assert.Equal(["there-by_hand", "there-none"], _run.Rows().Select(row => (string?)row["scenario"]).Order(StringComparer.Ordinal));
        var timeline = Timeline.Read(ScenarioFolder.In(_run.Folder, "there-by_hand").Timeline);
        Assert.Equal(1, Assert.Single(timeline.Of<ExternalExpected>()).After);
        _run.HoldsNoSecret();
    }

    [Fact]
    public void Failure_that_breaks_pods_does_not_apply_to_an_address()
    {
        var file = _run.Write("rows.json", $$"""
            {
              "deployments": { "there": { "url": "http://localhost:1" } },
              "failures": { "gone": { "kind": "deletePod", "target": "frontend" } },
              "loads": { {{UrlRun.Loads(2, 5, 20, true)}} },
              "profiles": { "quick": { "load": "l" } }
            }
            """);
        using var select = new SelectScenarios { BuildEngine = _run.Engine, ScenariosFile = file, Scenario = ["there-gone"] };

        Assert.False(select.Execute());
        Assert.Contains("FT0211", Assert.Single(_run.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host", "FT0510")]
    [InlineData("https://me:pa55word@host", "FT0510")]
    public void Address_that_is_none_is_refused(string url, string code)
    {
        var address = new TaskItem("address");
        address.SetMetadata("Url", url);
        using var select = new SelectScenarios
        {
            BuildEngine = _run.Engine, ScenariosFile = _run.Write("rows.json", UrlRun.File(UrlRun.Loads(1, 1, 1, false))),
                Address = address,
        };

        Assert.False(select.Execute());
        var line = Assert.Single(_run.Lines);
        Assert.Contains(code, line, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55word", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Url", "its deployment is an address")]
    [InlineData("Ingress", "--transport url names another")]
    public void Load_from_the_cluster_does_not_go_with_an_address(string metadata, string words)
    {
        var address = new TaskItem("address");
        address.SetMetadata("Url", "http://127.0.0.1:9");
        address.SetMetadata("Transport", metadata == "Ingress" ? "url" : "");
        address.SetMetadata("LoadFrom", "cluster");
        using var select = new SelectScenarios { BuildEngine = _run.Engine, ScenariosFile = RepositoryFiles.Scenarios, Address = address };

        Assert.False(select.Execute());
        var line = Assert.Single(_run.Lines);
        Assert.Contains("FT0524", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Transport_url_needs_an_address()
    {
        var address = new TaskItem("address");
        address.SetMetadata("Transport", "url");
        using var select = new SelectScenarios
        {
            BuildEngine = _run.Engine, ScenariosFile = _run.Write("rows.json", UrlRun.File(UrlRun.Loads(1, 1, 1, false))),
                Address = address,
        };

        Assert.False(select.Execute());
        Assert.Contains("FT0510", Assert.Single(_run.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => _run.Dispose();

    // The server's own stamps are within what clients see; a busy machine delays either, so the bounds are wide. benchmarks/url.sh is exact.
    private static void Times(JsonObject row, TlsService service, bool stream)
    {
        var whole = row["numbers"]!["whole"]!;
        var served = service.Served.Skip(2).ToList();
        double Median(Func<Served, long> of) => served
            .Select(one => TimeProvider.System.GetElapsedTime(one.Taken, of(one)).TotalSeconds).Order()
            .ElementAt(served.Count / 2);
        double Told(string key) => (double)whole[key]!;
        var latency = Median(one => one.Ended);
        Assert.InRange(Told("latency_p50"), latency * 0.9, (latency * 3) + 0.2);
        Assert.Equal(24 / (double)whole["seconds"]!, Told("request_throughput"), 3);
        if (stream)
        {
            var ttft = Median(one => one.First);
            Assert.InRange(Told("ttft_p50"), ttft * 0.9, (ttft * 3) + 0.2);
            Assert.InRange(Told("itl_mean"), (latency - ttft) / 19 * 0.5, ((latency - ttft) / 19 * 3) + 0.02);
            Assert.Equal(24 * 20 / (double)whole["seconds"]!, Told("output_token_throughput"), 3);
        }
        else
        {
            Assert.Null(whole["ttft_p50"]);
        }
    }
}
