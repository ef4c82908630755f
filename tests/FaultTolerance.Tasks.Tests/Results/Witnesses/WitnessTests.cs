using System.Globalization;
using System.Text.Json;
using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;
using static FaultTolerance.Tests.Results.SyntheticRun;

namespace FaultTolerance.Tests.Results.Witnesses;

/// <summary>
/// Rows in which somebody else took part, by the processes' own counts. Their clients send ten requests a second for 30 s.
/// </summary>
public sealed class WitnessTests
{
    private const string Scenario = "agg-tp-1-dp-1-none";
    private const int Seconds = 30;
    private const int Rate = 10;
    private const string Frontend =
        """dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="unary",status="success"}""";
    private const string Worker = """dynamo_component_requests_total{dynamo_endpoint="generate"}""";

    [Theory]
    [InlineData(Worker, 1)]
    [InlineData(Worker, 0.99)]
    [InlineData(Worker, 1.01)]
    [InlineData("""vllm:request_success_total{finished_reason="length"}""", 1)]
    [InlineData("""sglang:num_requests_total{is_streaming="false"}""", 1)]
    [InlineData("trtllm_request_success_total", 1)]
    [InlineData("llamacpp:tokens_predicted_total", 100)]
    [InlineData("llamacpp:tokens_predicted_total", 70)]
    public void Row_whose_processes_counted_what_its_clients_sent_is_a_baseline(string worker, double each) =>
        Assert.Equal(RowState.Baseline, Row(Pod("Frontend/a", (Frontend, 1)), Pod("VllmDecodeWorker/b", (worker, each))).State);

    [Theory]
    [InlineData(Worker, 0.9, "the workers counted 270 requests (b 270) where 300 were answered: ")]
    [InlineData(Worker, 0, "the workers counted 0 requests (b 0) where 300 were answered: ")]
    [InlineData(Worker, 1.1, "the workers of VllmDecodeWorker counted 330 requests (b 330) where this row's clients sent 300: ")]
    [InlineData("""vllm:request_success_total{finished_reason="stop"}""", 1.1, "counted 330 requests (b 330)")]
    [InlineData("""sglang:num_requests_total{is_streaming="false"}""", 0.8, "counted 240 requests (b 240)")]
    [InlineData("trtllm_request_success_total", 1.1, "counted 330 requests (b 330)")]
    [InlineData("llamacpp:tokens_predicted_total", 110, "counted 33000 tokens (b 33000) where this row's clients sent 30000")]
    public void Row_whose_workers_worked_for_others_or_others_for_it_is_invalid_and_says_so(string worker, double each, string why) =>
        Invalid(why, Row(Pod("Frontend/a", (Frontend, 1)), Pod("VllmDecodeWorker/b", (worker, each))));

    [Theory]
    [InlineData("completions", "unary", "30 of completions unary m at a")]
    [InlineData("chat_completions", "stream", "30 of chat_completions stream m at a")]
    public void Row_whose_frontend_others_asked_says_what_for_even_where_its_own_requests_are_missing(string path, string type, string who)
    {
        var other = Frontend.Replace("\"chat_completions\"", $"\"{path}\"", StringComparison.Ordinal)
            .Replace("unary", type, StringComparison.Ordinal);
        var row = Row(Pod("Frontend/a", (Frontend, 1), (other, 0.1)), Pod("VllmDecodeWorker/b", (Worker, 1.1)));
        Invalid(who, row);
        Invalid("counted 330 requests where this row's clients sent 300", row);
        // The workers had them from the row's own frontend.
        Assert.DoesNotContain(row.Notes, note => note.Contains("the workers", StringComparison.Ordinal));
    }

    [Fact]
    public void Row_whose_frontend_others_asked_the_same_names_the_pod() =>
        Invalid(
            "the frontends of Frontend counted 420 requests where this row's clients sent 300: other clients used them too, at a 420",
            Row(Pod("Frontend/a", (Frontend, 1.4)), Pod("VllmDecodeWorker/b", (Worker, 1))));

    [Fact]
    public void Row_whose_frontend_began_to_count_moves_with_the_first_one_is_a_baseline()
    {
        const string Moved = """dynamo_frontend_model_migration_total{model="m",migration_type="ongoing_request"}""";
        var looks = Enumerable.Range(0, Seconds + 1).Select(s => s < 15
            ? Sample(s == 0 ? -0.1 : s, (Frontend, s * Rate)) : Sample(s, (Frontend, s * Rate), (Moved, 30)));

        Assert.Equal(RowState.Baseline, Row(("Frontend/a", [.. looks]), Pod("VllmDecodeWorker/b", (Worker, 1.1))).State);
    }

    [Fact]
    public void Row_that_other_frontends_answered_is_invalid() =>
        Invalid(
            "the frontends of Frontend counted 200 answers (a 200) where 300 were answered",
            Row(Pod("Frontend/a", (Frontend, 2.0 / 3))));

    [Theory]
    [InlineData(true, RowState.Baseline)]
    [InlineData(false, RowState.Invalid)]
    internal void Row_whose_client_from_here_was_counted_with_its_others_is_a_baseline(bool logged, RowState state)
    {
        // Two a second beside the ten.
        var row = Row(
            [], [Pod("Frontend/a", (Frontend, 1.2)), Pod("VllmDecodeWorker/b", (Worker, 1.2))], logged ? 2 * Seconds : 0);

        Assert.True(row.State == state, string.Join("\n", row.Notes));
        Assert.Equal(Seconds * Rate, row.Books.Sent);
    }

    [Fact]
    public void Row_beside_another_graph_in_its_Dynamo_namespace_names_that_graphs_pods()
    {
        Invalid(
            "where 300 were answered: pods of another graph in the same Dynamo namespace 'shared': "
                + "other-worker-z (graph other) answered the others",
            Row(
                [Neighbour(5, "other"), Neighbour(-9, "old"), Neighbour(-8, "old", gone: true)],
                Pod("Frontend/a", (Frontend, 1)), Pod("VllmDecodeWorker/b", (Worker, 0.5))));
    }

    [Fact]
    public void Row_beside_a_neighbour_that_took_no_part_is_a_baseline() =>
        Assert.Equal(
            RowState.Baseline,
            Row(
                [Neighbour(5, "other")],
                Pod("Frontend/a", (Frontend, 1)), Pod("VllmDecodeWorker/b", (Worker, 1))).State);

    [Fact]
    public void Row_whose_worker_began_anew_loses_what_was_under_way_since_its_last_look_and_no_more()
    {
        Assert.Equal(RowState.Baseline, Row(Pod("Frontend/a", (Frontend, 1)), Anew("VllmDecodeWorker/b", at: 12, seen: 1)).State);
        Invalid("where 300 were answered", Row(Pod("Frontend/a", (Frontend, 1)), Anew("VllmDecodeWorker/b", at: 12, seen: 3)));
    }

    [Theory]
    [InlineData(Seconds)]
    [InlineData(21)]
    public void Row_whose_process_was_never_seen_is_not_held_against_it(int seenAgain)
    {
        // It begins at 12.5 and answers no look; the next one, from 20.5, does.
        string[] lives =
        [
            Life("container_terminated", 12.25), Life("container_started", 12.5),
            Life("container_terminated", 20.25), Life("container_started", 20.5),
        ];
        var looks = Enumerable.Range(0, 13).Select(s => Sample(s == 0 ? -0.1 : s, (Frontend, 1000 + (s * Rate))));
        var silent = Enumerable.Range(13, seenAgain - 13).Select(s => Refused(s));
        var again = Enumerable.Range(seenAgain, Seconds + 1 - seenAgain).Select(s => Sample(s, (Frontend, (s - 20.5) * Rate)));
        Assert.Equal(RowState.Baseline, Row(lives, ("Frontend/a", [.. looks, .. silent, .. again])).State);
    }

    [Fact]
    public void Row_whose_first_process_answered_no_look_is_not_held_against_it()
    {
        // It served from before the load until 4.75 and was never heard; the next one, from 5, counts all that it answers.
        string[] lives = [Life("container_terminated", 4.75), Life("container_started", 4.9)];
        var silent = Enumerable.Range(0, 5).Select(s => Refused(s));
        var again = Enumerable.Range(5, Seconds - 4).Select(s => Sample(s, (Frontend, (s - 5) * Rate)));
        string[] looks = [.. silent, .. again];
        Assert.Equal(RowState.Baseline, Row(lives, ("Frontend/a", looks)).State);
        // A pod that came during the load had no process before: who answered until then?
        Invalid("where 300 were answered", Row([lives[1]], ("Frontend/a", looks)));
    }

    [Fact]
    public void Row_whose_new_process_was_seen_and_counted_too_little_is_invalid()
    {
        string[] lives = [Life("container_terminated", 12.25), Life("container_started", 12.5)];
        var looks = Enumerable.Range(0, 13).Select(s => Sample(s == 0 ? -0.1 : s, (Frontend, 1000 + (s * Rate))));
        var few = Enumerable.Range(13, Seconds - 12).Select(s => Sample(s, (Frontend, s)));
        Invalid("where 300 were answered", Row(lives, ("Frontend/a", [.. looks, .. few])));
    }

    [Fact]
    public void Row_whose_watch_told_of_the_new_process_after_a_look_had_seen_it_is_a_baseline()
    {
        // Kubernetes stamps whole seconds: the line's own time counts.
        var late = Life("container_started", 12).Replace(Utc(12.1), Utc(14.5), StringComparison.Ordinal);
        var looks = Enumerable.Range(0, Seconds + 1)
            .Select(s => Sample(s == 0 ? -0.1 : s, (Frontend, s < 13 ? 1000 + (s * Rate) : (s - 12) * Rate)));
        Assert.Equal(RowState.Baseline, Row([late], ("Frontend/a", [.. looks])).State);
    }

    [Fact]
    public void Row_that_serves_another_and_is_served_by_it_in_equal_parts_is_invalid_though_the_sums_agree()
    {
        // The other load begins five seconds later and lasts five seconds longer: half of each is answered by either's worker.
        double Counted(int s) => (5 * Math.Min(s, 5)) + (10 * Math.Clamp(s - 5, 0, 20)) + (15 * Math.Max(0, s - 25));
        var worker = Enumerable.Range(0, Seconds + 1).Select(s => Sample(s == 0 ? -0.1 : s, (Worker, Counted(s))));
        Assert.Equal(Seconds * Rate, Counted(Seconds));
        Invalid("were answered", Row(Pod("Frontend/a", (Frontend, 1)), ("VllmDecodeWorker/b", [.. worker])));
    }

    [Fact]
    public void Row_whose_prefill_workers_count_the_same_requests_again_is_a_baseline() =>
        Assert.Equal(
            RowState.Baseline,
            Row(Pod("Frontend/a", (Frontend, 1)), Pod("VllmDecodeWorker/b", (Worker, 1)), Pod("VllmPrefillWorker/c", (Worker, 1))).State);

    [Fact]
    public void Row_of_two_services_in_line_is_judged_by_each() =>
        Assert.Equal(
            RowState.Baseline,
            Row(Pod("Nginx/a", (Frontend, 1)), Pod("Router/b", (Frontend, 1)), Pod("VllmDecodeWorker/c", (Worker, 1))).State);

    [Fact]
    public void Row_without_counters_is_not_judged() => Assert.Equal(RowState.Baseline, Row().State);

    // The frontend's container, by the cluster's own stamp.
    private static string Life(string change, double at) => JsonSerializer.Serialize(new
    {
        at = Utc(at + 0.1), @event = "pod", service = "Frontend", pod = "a", uid = "a", change, container = "main", restarts = 1,
        statusAt = Utc(at),
    });

    private static string Refused(double second) => $$"""{"at":"{{Utc(second)}}","took":0.01,"error":"connection refused"}""";

    private static string Neighbour(double at, string graph, bool gone = false) => JsonSerializer.Serialize(new
    {
        at = Utc(at), @event = "neighbour", pod = $"{graph}-worker-z", uid = graph, graph, dynamoNamespace = "shared", gone,
    });

    private static void Invalid(string why, ScenarioResult row)
    {
        Assert.True(row.State == RowState.Invalid, string.Join("\n", row.Notes.Append(row.State.ToString())));
        Assert.Contains(row.Notes, note =>
            note.StartsWith("FT0831", StringComparison.Ordinal) && note.Contains(why, StringComparison.Ordinal)
        );
    }

    private static ScenarioResult Row(params (string File, string[] Lines)[] pods) => Row([], pods);

    private static ScenarioResult Row(string[] more, params (string File, string[] Lines)[] pods) => Row(more, pods, fromHere: 0);

    private static ScenarioResult Row(string[] more, (string File, string[] Lines)[] pods, int fromHere)
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: null, ready: 1);
        const int Count = Seconds * Rate;
        folder.Write(Scenario, "client_0.log.txt", Enumerable.Range(0, Count).Select(i => Line(i, i / (double)Rate, 0.05, "Ok")));
        folder.Write(Scenario, "timeline.jsonl", [
            $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":{{Count}},"outputTokens":100}""",
            .. more,
            $$"""{"at":"{{Utc(Seconds)}}","event":"load.health","valid":true,"reasons":[]}""",
            $$"""{"at":"{{Utc(Seconds)}}","event":"load.ended","planned":{{Count}},"sent":{{Count}},"notSent":0}""",
        ]);
        if (fromHere > 0)
        {
            ProbeOf(folder, Scenario, Enumerable.Range(0, fromHere).Select(i => Line(i, i / 2.0, 0.05, "Ok")));
        }

        foreach (var (file, lines) in pods)
        {
            folder.Write(Scenario, $"{file}.metrics.jsonl", lines);
        }

        return Assert.Single(folder.Parse().Scenarios);
    }

    // A look each second, the first before the load and the last after it; it had counted a thousand before.
    private static (string File, string[] Lines) Pod(string file, params (string Series, double Each)[] counters) =>
        (file, [.. Enumerable.Range(0, Seconds + 1).Select(s =>
            Sample(s == 0 ? -0.1 : s, [.. counters.Select(c => (c.Series, 1000 + (s * Rate * c.Each)))]))]);

    // Its process ended at that second; it was last seen some seconds before.
    private static (string File, string[] Lines) Anew(string file, int at, int seen)
    {
        var before = Enumerable.Range(0, at - seen + 1).Select(s => Sample(s == 0 ? -0.1 : s, (Worker, 1000 + (s * Rate))));
        var after = Enumerable.Range(at, Seconds + 1 - at).Select(s => Sample(s, (Worker, (s - at) * Rate)));
        // It was asked all the time, and says in the second form that nothing was counted in vain.
        return (file, [.. before, .. seen == 1 ? [] : Enumerable.Range(at - seen + 1, seen - 1).Select(s => Sample(s)), .. after]);
    }

    private static string Sample(double second, params (string Series, double Value)[] samples)
    {
        var values = samples.Select(s =>
            string.Create(CultureInfo.InvariantCulture, $"{JsonSerializer.Serialize(s.Series)}:{Math.Round(s.Value)}"));
        return $"{{\"at\":\"{Utc(second)}\",\"took\":0.01,\"samples\":{{{string.Join(",", values)}}}}}";
    }
}
