using System.Net;
using System.Text.RegularExpressions;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>What registers under one Dynamo namespace is one service.</summary>
public sealed partial class NamespaceTests
{
    [Fact]
    public async Task Frontend_ofAnotherGraph_servesFromTheWorkersOfItsDynamoNamespace()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        graph.Environment["DYN_PARENT_DGD_K8S_NAME"] = "neighbour";

        await graph.FrontendAsync();

        await graph.WorkersReadyAsync(1);
        using var answer = await graph.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Frontend_ofTheSameGraph_doesNotServeFromAnotherDynamoNamespace()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.DynamoNamespace = "other";
        graph.Worker("decode-0");
        graph.DynamoNamespace = "own";
        graph.Worker("decode-1");

        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);
        await graph.LogAsync("frontend", "worker decode-1 ready");

        Assert.DoesNotContain(graph["frontend"].Lines, line => line.Contains("decode-0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_ofFrontendAndWorkers_countWhatWasAnswered()
    {
        const int Requests = 7;
        await using var graph = await TestGraph.StartAsync();
        var addresses = new[] { graph.Worker("decode-0"), graph.Worker("decode-1") };
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(2);

        for (var i = 0; i < Requests; i++)
        {
            using var answer = await graph.ChatAsync(tokens: 1, stream: i % 2 == 0);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var frontend = await graph.GetTextAsync("/metrics");
        Assert.Equal(Requests, Count(frontend, "dynamo_frontend_requests_total"));
        Assert.Contains(
            "dynamo_frontend_requests_total{endpoint=\"chat_completions\",error_type=\"\",model=\"Qwen/Qwen3-0.6B\",request_type=\"stream\",status=\"success\"} 4\n",
            frontend, StringComparison.Ordinal);
        var workers = await Task.WhenAll(addresses.Select(address => graph.GetTextAsync("/metrics", address)));
        Assert.Equal(Requests, workers.Sum(text => Count(text, "dynamo_component_requests_total")));
        Assert.All(workers, text =>
            Assert.Contains(
                "dynamo_component_requests_total{dynamo_component=\"backend\",dynamo_endpoint=\"generate\",dynamo_namespace=\"dn\"",
                text,
                StringComparison.Ordinal
            )
        );
    }

    private static int Count(string metrics, string name) =>
        Sample().Matches(metrics).Where(match => match.Groups["name"].Value == name).Sum(match => int.Parse(match.Groups["value"].Value));

    [GeneratedRegex(
        @"^(?<name>\w+)\{[^\n]*\} (?<value>\d+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Sample();
}
