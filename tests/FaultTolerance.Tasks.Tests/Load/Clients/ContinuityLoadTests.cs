using System.Collections.Concurrent;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Clients;

/// <summary>A load that asks for continuity repeats its prompts and records what it gets, and what is read is what came.</summary>
public sealed class ContinuityLoadTests
{
    private static readonly LoadSpec Spec = LoadFixture.Fast with
    {
        Clients = 1,
        RequestsPerClient = 2 * ContinuityPrompts.PerClient,
        OutputTokens = 3,
        Stream = true,
        Continuity = true,
    };

    [Fact]
    public async Task Run_repeats_each_client_s_prompts_with_a_seed_and_no_temperature()
    {
        using var fixture = new LoadFixture();
        var bodies = new ConcurrentQueue<string>();
        await fixture.RunAsync(Spec, Service(bodies, _ => Bodies.Stream(3)));

        Assert.Equal(Spec.RequestsPerClient, bodies.Count);
        Assert.Equal(ContinuityPrompts.PerClient, bodies.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(bodies.Take(ContinuityPrompts.PerClient), bodies.Skip(ContinuityPrompts.PerClient));
        Assert.All(bodies, body => Assert.Contains("\"temperature\": 0, \"seed\": 1, ", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_records_whole_and_broken_streams_event_by_event()
    {
        using var fixture = new LoadFixture();
        var answers = 0;
        await fixture.RunAsync(
            Spec,
            Service([], _ => Interlocked.Increment(ref answers) == 1
                ? Bodies.Stream(3)
                : Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("é\\\"")) + Bodies.InChunk(Bodies.Chunk(" b")) + "0\r\n\r\n"));

        var attempts = Read(fixture);
        Assert.Equal(["w0 ", "w1 ", "w2 "], attempts[0].Text.Pieces);
        Assert.Equal((Outcome.StreamTruncated, "é\" b"), (attempts[1].Attempt.Outcome, attempts[1].Text.Text));
        Assert.All(attempts, one => Assert.False(one.Text.IsCut));
    }

    [Fact]
    public async Task Run_records_halves_of_a_character_as_they_came()
    {
        using var fixture = new LoadFixture();
        await fixture.RunAsync(
            Spec with { RequestsPerClient = 1 },
            Service([], _ => Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("\\ud83d")) + Bodies.InChunk(Bodies.Chunk("\\ude00")) + "0\r\n\r\n"));

        Assert.Equal(["\\ud83d", "\\ude00"], Assert.Single(Read(fixture)).Text.Pieces);
    }

    [Fact]
    public async Task Run_of_another_load_records_no_text()
    {
        using var fixture = new LoadFixture();
        await fixture.RunAsync(Spec with { Continuity = false }, Service([], _ => Bodies.Stream(3)));

        Assert.All(fixture.Lines(0), line => Assert.False(line.GetProperty("results")[0].TryGetProperty("pieces", out _)));
    }

    [Fact]
    public async Task Run_leaves_a_text_out_in_which_a_service_repeats_its_key()
    {
        using var fixture = new LoadFixture();
        var headers = RequestHeaders.Of([("Authorization", "Bearer sk-abcdef")]);
        await fixture.RunAsync(
            Spec with { RequestsPerClient = 1 },
            Service([], _ => Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("sk-ab")) + Bodies.InChunk(Bodies.Chunk("cdef")) + "0\r\n\r\n"),
            new LoadOptions { Headers = headers });

        Assert.False(Assert.Single(fixture.Lines(0)).GetProperty("results")[0].TryGetProperty("pieces", out _));
    }

    private static (Attempt Attempt, StreamText Text)[] Read(LoadFixture fixture)
    {
        var log = new ClientLogReader(TimeSpan.Zero).Read(fixture.Folder.ClientLog(0), 0);
        Assert.Empty(log.Findings.ToImmutable());
        return [.. log.Attempts.Select(one => (one, log.Attempts.TextOf(one)!))];
    }

    private static ScriptedService Service(ConcurrentQueue<string> bodies, Func<string, string> answer) => new(async side =>
    {
        while (await side.RequestAsync() is { } body)
        {
            bodies.Enqueue(body);
            await side.SendAsync(answer(body));
        }
    });
}
