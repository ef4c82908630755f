using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Runs;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Artefacts.ClientLogs;

public sealed class RequestLineTests
{
    private static readonly DateTimeOffset Zero = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Artefacts", "ClientLogs", "golden", "client_0.log.txt");
    private static readonly RequestTarget Target = new("http://127.0.0.1:1//v1/chat/completions", "agg-frontend-0");
    private readonly RunClock _clock = new(new FakeTimeProvider(), new ClockAnchor(Zero, 0));

    [Fact]
    public void Write_of_requests_is_the_golden_log()
    {
        var to = new ByteBuffer();
        RequestLine.Write(to, Short(), _clock);
        RequestLine.Write(to, Twice(), _clock);
        RequestLine.Write(to, Shed(), _clock);
        Assert.Equal(File.ReadAllText(Golden), Encoding.UTF8.GetString(to.Written));
    }

    [Fact]
    public void Read_of_the_golden_log_gives_what_was_written()
    {
        var log = new ClientLogReader(TimeSpan.Zero).Read(Golden, 7);
        Assert.Empty(log.Findings.ToImmutable());
        Assert.Equal(2, log.Sent);
        var attempts = log.Attempts.ToArray();
        Assert.Equal(
            new Attempt
            {
                Client = 7,
                Request = 0,
                IsLast = true,
                Intended = At(0.9999),
                Sent = At(1),
                Connected = At(1.001),
                FirstByte = At(1.4999999),
                LastByte = At(1.5),
                RequestEnd = At(1.5),
                ElapsedNanoseconds = 500_000_000,
                Status = 200,
                Outcome = Outcome.ShortOutput,
                ContentLength = 4,
                Url = "http://127.0.0.1:1//v1/chat/completions",
                Pod = "agg-frontend-0",
            },
            attempts[0]
        );
        Assert.Equal(
            new Attempt
            {
                Client = 7,
                Request = 1,
                Intended = At(2),
                Sent = At(2),
                RequestEnd = At(3.25),
                ElapsedNanoseconds = 100_000,
                Outcome = Outcome.Refused,
                ContentLength = -1,
                Url = "http://127.0.0.1:1//v1/chat/completions",
                Pod = "agg-frontend-0",
                Error = "refused: \"no\"\n",
            },
            attempts[1]
        );
        Assert.Equal(
            new Attempt
            {
                Client = 7,
                Request = 1,
                Index = 1,
                IsLast = true,
                Intended = At(2),
                Sent = At(2.5),
                FirstByte = At(2.6),
                LastByte = At(3.25),
                FirstToken = At(2.7),
                RequestEnd = At(3.25),
                ElapsedNanoseconds = 750_000_000,
                Status = 200,
                Outcome = Outcome.Malformed,
                ContentLength = -1,
                Tokens = 3,
                IsCounted = true,
                TokensAsked = 5,
                InterTokenMax = 0.3f,
                InterTokenMedian = 0.25f,
                Url = "http://127.0.0.1:1//v1/chat/completions",
                Pod = "agg-frontend-0",
            },
            attempts[2]
        );
        Assert.Equal([new UnsentRequest(7, 2, At(4), At(4), Outcome.Shed, "1000 requests are outstanding")], log.Unsent);
    }

    private static RequestRecord Short()
    {
        var request = Request(0, 0.9999, 1.5, Outcome.ShortOutput);
        var attempt = request.Next(Target, Ticks(1));
        (attempt.Connected, attempt.FirstByte, attempt.LastByte, attempt.Ended) = (Ticks(1.001), Ticks(1.4999999), Ticks(1.5), Ticks(1.5));
        (attempt.Status, attempt.Outcome) = (200, Outcome.ShortOutput);
        attempt.Result.Append("""{"choices": [{"message": {"content": "caf\u00e9"}}]}"""u8);
        return request;
    }

    private static RequestRecord Twice()
    {
        var request = Request(1, 2, 3.25, Outcome.Malformed);
        var refused = request.Next(Target, Ticks(2));
        (refused.Ended, refused.Outcome, refused.Error) = (Ticks(2.0001), Outcome.Refused, "refused: \"no\"\n");
        var streamed = request.Next(Target, Ticks(2.5));
        (streamed.FirstByte, streamed.FirstToken, streamed.LastByte, streamed.Ended) = (Ticks(2.6), Ticks(2.7), Ticks(3.25), Ticks(3.25));
        (streamed.Status, streamed.Outcome, streamed.Streamed) = (200, Outcome.Malformed, true);
        (streamed.Tokens, streamed.TokensAsked, streamed.InterTokenMax, streamed.InterTokenP50) = (3, 5, 0.3, 0.25);
        streamed.Result.Append("{}"u8);
        return request;
    }

    private static RequestRecord Shed()
    {
        var request = Request(2, 4, 4, Outcome.Shed);
        request.Reason = "1000 requests are outstanding";
        return request;
    }

    private static RequestRecord Request(long number, double intended, double ended, Outcome outcome)
    {
        var request = new RequestRecord();
        request.Reset(number, Ticks(intended));
        (request.Ended, request.Outcome) = (Ticks(ended), outcome);
        return request;
    }

    private static long Ticks(double seconds) => (long)Math.Round(seconds * TimeSpan.TicksPerSecond);

    private static long At(double seconds) => Zero.UtcTicks + Ticks(seconds);
}
