using CsCheck;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>
/// Whatever the service, the transport and the user do: planned = sent + not sent, sent = ok + failed, and a line for each.
/// </summary>
public sealed class ConservationTests
{
    private enum Behaviour
    {
        Good,
        GoodAgain,
        Stream,
        Short,
        Broken,
        Busy,
        Error,
        CloseBefore,
        CloseInside,
        CloseIdle,
        ResetBefore,
        TunnelBreaks,
        RefuseNext,
        Hang,
        NobodyReady,
        Garbage,
    }

    private static readonly Gen<(LoadSpec Spec, Behaviour[] Script, int StopAfter)> Loads =
        from clients in Gen.Int[1, 4]
        from each in Gen.Int[1, 12]
        from attempts in Gen.Int[1, 3]
        from open in Gen.Bool
        from stream in Gen.Bool
        from bound in Gen.Int[1, 6]
        from script in Gen.Enum<Behaviour>().Array[1, 12]
        from stop in Gen.Int[-40, 40]
        select (
            new LoadSpec
            {
                Clients = clients,
                RequestsPerClient = each,
                Attempts = attempts,
                Stream = stream,
                MaxOutstanding = bound,
                Mode = open ? LoadMode.Open : LoadMode.Closed,
                RatePerClient = open ? 5000 : 1e9,
                RetryDelay = TimeSpan.FromMilliseconds(1),
                Timeout = TimeSpan.FromMilliseconds(40),
                StallTimeout = TimeSpan.FromMilliseconds(20),
            },
            script,
            stop
        );

    [Fact]
    public Task Any_load_keeps_its_books() => Loads.SampleAsync(async load =>
    {
        using var fixture = new LoadFixture();
        var service = Service(load.Script);
        await using var run = fixture.Start(load.Spec, service);
        if (load.StopAfter >= 0)
        {
            while (!run.Completion.IsCompleted && run.Progress is var p && p.Succeeded + p.Failed + p.Apart < load.StopAfter)
            {
                await Task.Yield();
            }

            await run.StopAsync("stopped by the test");
        }

        var totals = await run.Completion;

        Assert.Equal(load.Spec.Planned, totals.Planned);
        Assert.Equal(totals.Planned, totals.Sent + totals.NotSent);
        Assert.Equal(totals.Sent, totals.Succeeded + totals.Failed + totals.Apart);
        Assert.Equal(0, run.Progress.InFlight);
        var lines = Enumerable.Range(0, load.Spec.Clients).SelectMany(c => fixture.Lines(c).Select(l => (c, l))).ToArray();
        Assert.Equal(totals.Planned, lines.Length);
        Assert.Equal(totals.Planned, lines.Select(l => (l.c, l.l.GetProperty("request").GetInt64())).Distinct().Count());
        var outcomes = lines.Select(l => Enum.Parse<Outcome>(l.l.GetProperty("outcome").GetString()!)).ToArray();
        Assert.Equal(totals.Succeeded, outcomes.Count(o => o == Outcome.Ok));
        Assert.Equal(totals.Apart, outcomes.Count(o => o is Outcome.Transport or Outcome.ResetKept));
        Assert.Equal(totals.NotSent, outcomes.Count(o => o is Outcome.NotSent or Outcome.Shed));
        Assert.Equal(totals.Shed, outcomes.Count(o => o == Outcome.Shed));
        var attempts = lines.SelectMany(l => l.l.GetProperty("results").EnumerateArray())
            .GroupBy(a => Enum.Parse<Outcome>(a.GetProperty("outcome").GetString()!)).ToDictionary(g => g.Key, g => g.LongCount());
        Assert.Equal(totals.Attempts.OrderBy(a => a.Key), attempts.OrderBy(a => a.Key));
        Assert.All(lines.Where(l => l.l.GetProperty("results").GetArrayLength() == 0), l => Assert.False(
            string.IsNullOrEmpty(l.l.GetProperty("reason").GetString())));
    }, iter: 150);

    private static ScriptedService Service(Behaviour[] script)
    {
        var at = 0;
        var refuse = 0;
        ScriptedService? service = null;
        FrontendEndpoint[] endpoints = [ScriptedService.Endpoint("a"), ScriptedService.Endpoint("b")];
        service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                service!.Ready = endpoints;
                switch (script[Interlocked.Increment(ref at) % script.Length])
                {
                    case Behaviour.Stream: await s.SendAsync(Bodies.Stream(100)); break;
                    case Behaviour.Short: await s.AnswerAsync(Bodies.Chat(3)); break;
                    case Behaviour.Broken: await s.AnswerAsync("{\"choices\""); break;
                    case Behaviour.Busy: await s.AnswerAsync("{}", 503, "connection: close\r\n"); return;
                    case Behaviour.Error: await s.AnswerAsync("oh", 500); break;
                    case Behaviour.CloseBefore: return;
                    case Behaviour.CloseInside: await s.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"); return;
                    case Behaviour.CloseIdle: await s.AnswerAsync(Bodies.Chat()); return;
                    case Behaviour.ResetBefore: s.Stream.Reset(new IOException("reset by peer")); return;
                    case Behaviour.TunnelBreaks: s.Stream.Reset(new TransportException(Outcome.Transport, "the tunnel broke")); return;
                    case Behaviour.RefuseNext: Volatile.Write(ref refuse, 1); return;
                    case Behaviour.Hang: await s.RequestAsync(); return;
                    case Behaviour.NobodyReady: service.Ready = []; await s.AnswerAsync(Bodies.Chat()); break;
                    case Behaviour.Garbage: await s.SendAsync("\r\n\r\n\0"); return;
                    default: await s.AnswerAsync(Bodies.Chat()); break;
                }
            }
        })
        {
            Ready = endpoints,
            Connecting = (_, _) => Interlocked.Exchange(ref refuse, 0) == 1
                ? throw new TransportException(Outcome.Refused, "connection refused")
                : Task.CompletedTask,
        };
        return service;
    }
}
