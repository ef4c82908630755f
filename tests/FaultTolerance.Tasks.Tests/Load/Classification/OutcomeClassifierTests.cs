using System.Net.Sockets;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Classification;

public sealed class OutcomeClassifierTests
{
    private static readonly Exception[] Errors =
    [
        new IOException(),
        new SocketException((int)SocketError.ConnectionReset),
        new IOException("", new SocketException((int)SocketError.HostNotFound)),
        new ObjectDisposedException("stream"),
        new OperationCanceledException(),
        new HttpFormatException(""),
        new ConnectionClosedException(""),
        new TransportException(Outcome.Refused, ""),
        new TransportException(Outcome.Transport, ""),
        new InvalidOperationException(),
    ];

    // What cannot be said of an attempt that broke.
    private static readonly Outcome[] Impossible =
    [
        Outcome.Ok,
        Outcome.ShortOutput,
        Outcome.Shed,
        Outcome.NotSent,
        Outcome.Rejected,
        Outcome.ClientError,
        Outcome.ServerError,
        Outcome.StreamTruncated,
    ];

    [Fact]
    public void Failure_every_stage_abort_and_error_has_an_outcome()
    {
        foreach (var stage in Enum.GetValues<AttemptStage>())
        {
            foreach (var abort in Enum.GetValues<AbortReason>())
            {
                foreach (var error in Errors)
                {
                    var outcome = OutcomeClassifier.Failure(stage, abort, error);
                    Assert.DoesNotContain(outcome, Impossible);
                }
            }
        }
    }

    [Theory]
    [InlineData(AttemptStage.Sending, Outcome.ResetKept)]
    [InlineData(AttemptStage.AwaitingHeaders, Outcome.ResetKept)]
    [InlineData(AttemptStage.Body, Outcome.ResetMidStream)]
    internal void Failure_kept_connection_that_was_closing_is_told_apart(AttemptStage stage, Outcome expected)
    {
        Assert.Equal(expected, OutcomeClassifier.Failure(stage, AbortReason.None, new IOException(), closing: true));
        Assert.Equal(Outcome.Deadline, OutcomeClassifier.Failure(stage, AbortReason.Deadline, new IOException(), closing: true));
        Assert.Equal(
            Outcome.Transport,
            OutcomeClassifier.Failure(stage, AbortReason.None, new TransportException(Outcome.Transport, ""), closing: true)
        );
    }

    [Fact]
    public void Failure_our_own_abort_goes_before_the_error_it_causes()
    {
        foreach (var error in Errors)
        {
            Assert.Equal(Outcome.Cancelled, OutcomeClassifier.Failure(AttemptStage.Body, AbortReason.Stop, error));
            Assert.Equal(Outcome.Deadline, OutcomeClassifier.Failure(AttemptStage.Body, AbortReason.Deadline, error));
            Assert.Equal(Outcome.Stalled, OutcomeClassifier.Failure(AttemptStage.Body, AbortReason.Stall, error));
            Assert.Equal(Outcome.ConnectTimeout, OutcomeClassifier.Failure(AttemptStage.Connecting, AbortReason.Deadline, error));
        }
    }

    [Fact]
    public void Status_every_code_is_told_and_only_200_depends_on_its_body()
    {
        for (var status = 100; status < 600; status++)
        {
            Assert.Equal(status == 200, OutcomeClassifier.Status(status) is null);
        }

        Assert.Equal(Outcome.Rejected, OutcomeClassifier.Status(529));
        Assert.Equal(Outcome.ClientError, OutcomeClassifier.Status(408));
        Assert.Equal(Outcome.ServerError, OutcomeClassifier.Status(502));
    }

    [Theory]
    [InlineData(false, false, -1, 0, Outcome.Malformed)]
    [InlineData(true, false, 100, 0, Outcome.Malformed)]
    [InlineData(true, true, 100, 0, Outcome.Ok)]
    [InlineData(true, true, 99, 500, Outcome.ShortOutput)]
    [InlineData(true, true, -1, 99, Outcome.ShortOutput)]
    [InlineData(true, true, -1, 100, Outcome.Ok)]
    internal void Answer_tokens_decide_and_characters_where_nobody_counted(
        bool json,
        bool choice,
        long tokens,
        int characters,
        Outcome expected
    ) => Assert.Equal(expected, OutcomeClassifier.Answer(new(json, choice, tokens, characters), 100));
}
