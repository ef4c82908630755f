using FaultTolerance.Artefacts;

namespace FaultTolerance.Tests.Artefacts;

/// <summary>What an attempt says of its own times.</summary>
public sealed class AttemptTests
{
    // A stream that broke 500 ns after its last byte was under way until then: a cut that came in between broke it.
    [Theory]
    [InlineData("Ok", 1000, 1020, 2500, 1020)]
    [InlineData("Transport", 1000, 1020, 2500, 1025)]
    [InlineData("ResetMidStream", 1000, 1020, 2500, 1025)]
    [InlineData("Rejected", 1000, 1025, 2500, 1025)]
    [InlineData("Refused", 1000, 0, 2500, 1025)]
    [InlineData("Stalled", 0, 1020, 2500, 1020)]
    [InlineData("Deadline", 0, 0, 2500, 1100)]
    public void Ended_of_a_failed_attempt_is_when_the_failure_was_seen(
        string outcome, long sent, long lastByte, long elapsed, long ended)
    {
        var attempt = new Attempt
        {
            Outcome = Enum.Parse<Outcome>(outcome), Sent = sent, LastByte = lastByte, ElapsedNanoseconds = elapsed, RequestEnd = 1100,
        };

        Assert.Equal(ended, attempt.Ended);
    }
}
