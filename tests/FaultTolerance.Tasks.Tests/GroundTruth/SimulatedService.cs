using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Load;

namespace FaultTolerance.Tests.GroundTruth;

/// <summary>A service on the simulated clock, behind real HTTP over connections in memory, with an outage that is known exactly.</summary>
/// <param name="time">The clock.</param>
/// <param name="plan">The outage.</param>
/// <param name="random">Source of its jitter.</param>
/// <param name="latency">Median time of an answer, seconds.</param>
/// <param name="spread">Standard deviation of the logarithm of an answer's time.</param>
/// <param name="tokens">Tokens of a streamed answer; 0: not streamed.</param>
internal sealed class SimulatedService(SimulatedTime time, OutagePlan plan, Random random, double latency, double spread, int tokens)
    : IFrontendTransport
{
    private static readonly byte[] Whole = Answer(200, Bodies.Chat(), "application/json");
    private static readonly byte[] Unavailable = Answer(503, "{}", "application/json");
    private static readonly byte[] StreamHead = Encoding.ASCII.GetBytes(Bodies.StreamHead);
    private static readonly byte[] Token = Encoding.ASCII.GetBytes(Bodies.InChunk(Bodies.Chunk("word ")));
    private static readonly byte[] StreamEnd = Encoding.ASCII.GetBytes(Bodies.InChunk("data: [DONE]\n\n") + "0\r\n\r\n");
    private int _next;
    private int _shock;

    public IReadOnlyList<FrontendEndpoint> Ready { get; } = [ScriptedService.Endpoint("frontend-0")];

    private double Now => (double)time.GetTimestamp() / TimeSpan.TicksPerSecond;

    public ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        if (plan.IsGone && plan.IsDown(0, Now))
        {
            throw new TransportException(Outcome.Refused, "nobody listens");
        }

        var connection = new SimulatedConnection(Serve);
        if (plan.IsGone && plan.NextDown(0, Now) is var end && double.IsFinite(end))
        {
            // A process that ends takes its idle connections along.
            time.At(end, connection.Drop);
        }

        return new(connection);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Answer(int status, string body, string type) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Text\r\ncontent-type: {type}\r\ncontent-length: {body.Length}\r\n\r\n{body}");

    private void Serve(SimulatedConnection connection)
    {
        var (now, replica) = (Now, _next++ % plan.Replicas);
        // Box and Muller's normal deviate.
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var work = latency * Math.Exp(spread * normal);
        if (_shock < plan.Shocks.Count && now >= plan.Shocks[_shock])
        {
            _shock++;
            time.At(now + 0.001, () => connection.Deliver(Unavailable));
            return;
        }

        if (plan.Kind == OutageKind.MidStream || (plan.Kind == OutageKind.SlowDeath && tokens > 0 && !plan.IsDown(0, now)))
        {
            Stream(connection, now, work);
            return;
        }

        if (plan.IsDown(replica, now))
        {
            // A frontend stays up when a worker is gone, and says so.
            Break(connection, now + (plan.Kind == OutageKind.Hang ? 5 : 0.001));
            return;
        }

        var down = plan.NextDown(replica, now);
        if (down < plan.Finish(now, work))
        {
            Break(connection, plan.Kind == OutageKind.Hang ? now + 5 : down);
        }
        else if (tokens > 0)
        {
            Stream(connection, now, work);
        }
        else
        {
            time.At(plan.Finish(now, work), () => connection.Deliver(Whole));
        }
    }

    private void Break(SimulatedConnection connection, double at)
    {
        if (plan.IsGone)
        {
            time.At(at, connection.Drop);
        }
        else
        {
            time.At(at, () => connection.Deliver(Unavailable));
        }
    }

    // A stream that is under way when the service goes breaks there; one that begins in the outage breaks within 30 ms.
    private void Stream(SimulatedConnection connection, double now, double work)
    {
        var breaks = plan.Kind == OutageKind.SlowDeath ? plan.NextDown(0, now)
            : plan.Kind != OutageKind.MidStream ? double.PositiveInfinity
            : plan.IsDown(0, now) ? now + 0.005 + (0.025 * random.NextDouble())
            : plan.NextDown(0, now);
        time.At(plan.Finish(now, work / (2 * tokens)), () => connection.Deliver(StreamHead));
        for (var i = 1; i <= tokens; i++)
        {
            var at = plan.Finish(now, work * i / tokens);
            if (at >= breaks)
            {
                time.At(breaks, connection.Drop);
                return;
            }

            time.At(at, () => connection.Deliver(Token));
        }

        time.At(plan.Finish(now, work), () => connection.Deliver(StreamEnd));
    }
}
