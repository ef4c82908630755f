using System.Globalization;
using System.Runtime.InteropServices;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Results.Recovery;

/// <summary>A request as its client lived it.</summary>
/// <param name="Client">The client.</param>
/// <param name="Start">When its last attempt was sent, UTC ticks.</param>
/// <param name="End">When it was over, UTC ticks.</param>
/// <param name="Ok">Whether it succeeded.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestSample(int Client, long Start, long End, bool Ok) : IAnswered
{
    /// <summary>Its number within the client.</summary>
    public int Request { get; init; }

    /// <summary>Whether it is a stream that broke: until its end it was served.</summary>
    public bool Broke { get; init; }

    /// <summary>When a failed request was lost (<see cref="HarmRule.LostAt"/>).</summary>
    /// <param name="order">The fault's order, UTC ticks.</param>
    public long LostAt(long order) => HarmRule.LostAt(this, order);

    /// <summary>The samples of all clients by their start; equal ones by client.</summary>
    public static RequestSample[] Of(IEnumerable<AttemptCollection> clients)
    {
        AttemptCollection[] all = [.. clients];
        var samples = new RequestSample[all.SelectMany(client => client.Chunks()).Sum(chunk => Lasts(chunk.Span))];
        var count = 0;
        foreach (var chunk in all.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.IsLast && attempt.Outcome.TellsOfService())
                {
                    var end = attempt.Ended;
                    samples[count++] = new RequestSample(
                        attempt.Client,
                        attempt.Sent != 0 ? attempt.Sent : end - (attempt.ElapsedNanoseconds / 100),
                        end,
                        attempt.Outcome == Outcome.Ok
                    )
                    {
                        Request = attempt.Request,
                        Broke = attempt is { Tokens: > 0, Outcome: not (Outcome.Ok or Outcome.Stalled or Outcome.Deadline) },
                    };
                }
            }
        }

        SampleOrder.Sort(samples);
        return samples;
    }

    /// <summary>What became of it, for <see cref="Measured.Event"/>.</summary>
    internal string Told =>
        string.Create(CultureInfo.InvariantCulture, $"client {Client} request {Request} {(Ok ? "succeeded" : "failed")}");

    private static int Lasts(ReadOnlySpan<Attempt> attempts)
    {
        var count = 0;
        foreach (ref readonly var attempt in attempts)
        {
            count += attempt.IsLast && attempt.Outcome.TellsOfService() ? 1 : 0;
        }

        return count;
    }
}
