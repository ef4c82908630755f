using System.Net.Sockets;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

/// <summary>
/// Each outcome there is, provoked over real sockets. An outcome that is added without a way to provoke it fails here, and so does one
/// that is entered twice or not at all: the lines sum to the plan.
/// </summary>
public sealed class EveryOutcomeTests : IDisposable
{
    private static readonly LoadSpec One = LoadFixture.Fast with { Clients = 1, RequestsPerClient = 1 };
    private static readonly LoadSpec Streamed = One with { Stream = true, OutputTokens = 3 };
    private readonly LoadFixture _fixture = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // xunit wants its cases public, and these are of internal types.
    private static class Cases
    {
        public static TheoryData<Outcome> All => [.. Enum.GetValues<Outcome>()];
    }

    [Theory]
    [MemberData(nameof(Cases.All), MemberType = typeof(Cases))]
    internal async Task Outcome_is_what_became_of_the_request(Outcome expected)
    {
        Assert.SkipUnless(
            expected != Outcome.ConnectTimeout || OperatingSystem.IsLinux(),
            "only Linux drops connections that a full queue has no place for"
        );
        using var frontend = new LoopbackFrontend(Serve(expected));
        await using var transport = new LoopbackTransport(frontend.Port)
        {
            // A label of 64 letters is no name, so no resolver is asked.
            Host = expected == Outcome.Dns ? new string('x', 64) + ".invalid" : "127.0.0.1",
            Failure = expected == Outcome.Transport ? new TransportException(Outcome.Transport, "the port-forward ended") : null,
        };
        switch (expected)
        {
            case Outcome.Refused:
                frontend.Dispose();
                break;
            case Outcome.ConnectTimeout:
                frontend.Crowd();
                break;
            default:
                frontend.Listen();
                break;
        }

        var spec = Spec(expected);
        await using var run = _fixture.Start(spec, transport, new() { Preconnect = false });
        if (expected is Outcome.Cancelled or Outcome.NotSent)
        {
            await _asked.Task.WaitAsync(TestContext.Current.CancellationToken);
            await run.StopAsync("the test is over");
        }

        var totals = await run.Completion;

        var became = _fixture.Lines(0).Select(line => Enum.Parse<Outcome>(line.GetProperty("outcome").GetString()!)).ToArray();
        Assert.Equal(spec.Planned, became.Length);
        Assert.Equal(1, became.Count(outcome => outcome == expected));
        Assert.Equal(expected is Outcome.NotSent or Outcome.Shed ? 0 : 1, totals.Attempts.GetValueOrDefault(expected));
    }

    public void Dispose() => _fixture.Dispose();

    // Short limits where the limit is what is provoked; nothing else depends on how long things take.
    private static LoadSpec Spec(Outcome outcome) =>
        outcome switch
        {
            Outcome.StreamTruncated => Streamed,
            Outcome.Stalled => Streamed with { StallTimeout = TimeSpan.FromMilliseconds(50) },
            Outcome.Deadline or Outcome.ConnectTimeout => One with { Timeout = TimeSpan.FromMilliseconds(200) },
            Outcome.NotSent or Outcome.ResetKept => One with { RequestsPerClient = 2 },
            Outcome.Shed => One with
            {
                Mode = LoadMode.Open,
                RatePerClient = 1000,
                RequestsPerClient = 2,
                MaxOutstanding = 1,
                Timeout = TimeSpan.FromMilliseconds(200),
            },
            _ => One,
        };

    private Func<Socket, Task> Serve(Outcome outcome) => outcome switch
    {
        Outcome.Ok => socket => AnswerAsync(socket, Http(200, Bodies.Chat())),
        Outcome.Rejected => socket => AnswerAsync(socket, Http(529, "{}")),
        Outcome.ClientError => socket => AnswerAsync(socket, Http(404, "{}")),
        Outcome.ServerError => socket => AnswerAsync(socket, Http(500, "{}")),
        Outcome.Malformed => socket => AnswerAsync(socket, Http(200, "{\"choices\"")),
        Outcome.ShortOutput => socket => AnswerAsync(socket, Http(200, Bodies.Chat(tokens: 99))),
        Outcome.ResetBeforeHeaders => socket => AnswerAsync(socket, ""),
        Outcome.ResetKept => async socket =>
        {
            await AnswerAsync(socket, Http(200, Bodies.Chat()));
            await socket.ReceiveAsync(new byte[8192]);
        },
        Outcome.ResetMidStream => socket => AnswerAsync(socket, "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"),
        Outcome.StreamTruncated => socket => AnswerAsync(socket, Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("a")) + "0\r\n\r\n"),
        Outcome.Stalled => async socket =>
        {
            await AnswerAsync(socket, Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("a")));
            await SilenceAsync(socket);
        },
        Outcome.Deadline or Outcome.Shed or Outcome.Cancelled or Outcome.NotSent => async socket =>
        {
            await AnswerAsync(socket, "");
            await SilenceAsync(socket);
        },
        Outcome.Refused or Outcome.Dns or Outcome.ConnectTimeout or Outcome.Transport => _ => Task.CompletedTask,
        _ => throw new InvalidOperationException($"nothing here provokes {outcome}"),
    };

    private static string Http(int status, string body) => $"HTTP/1.1 {status} Text\r\ncontent-length: {body.Length}\r\n\r\n{body}";

    private async Task AnswerAsync(Socket socket, string wire)
    {
        await socket.ReceiveAsync(new byte[8192]);
        _asked.TrySetResult();
        if (wire.Length > 0)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(wire));
        }
    }

    // Says nothing until the client gives up.
    private static async Task SilenceAsync(Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException)
        {
            // It gave up with a reset.
        }
    }
}
