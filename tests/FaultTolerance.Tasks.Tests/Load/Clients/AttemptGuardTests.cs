using FaultTolerance.Load.Classification;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.Clients;

public sealed class AttemptGuardTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly AttemptGuard _guard;

    public AttemptGuardTests() => _guard = new(_time, TimeSpan.FromSeconds(5), CancellationToken.None);

    [Theory]
    [InlineData(0)]
    [InlineData(0.0015)]
    [InlineData(3)]
    [InlineData(20)]
    public void Begin_after_an_attempt_whose_tokens_came_past_its_deadline_has_a_limit_again(double late)
    {
        Begin();
        _time.Advance(Limit);
        Assert.Equal(AbortReason.Deadline, _guard.Reason);
        _time.Advance(TimeSpan.FromSeconds(late));
        _guard.Token(_time.GetTimestamp());
        _guard.End();

        Begin();
        Assert.Equal(AbortReason.None, _guard.Reason);
        _time.Advance(Limit);

        Assert.Equal(AbortReason.Deadline, _guard.Reason);
    }

    [Fact]
    public void Token_that_is_read_before_the_bell_rings_is_no_excuse()
    {
        // The thread that reads may be told of the time before the timer's own thread is: the bell must still ring.
        var late = new LateTimers(_time);
        using var guard = new AttemptGuard(late, TimeSpan.FromSeconds(5), CancellationToken.None);
        guard.Begin(late.GetTimestamp(), Limit);
        late.Hold = true;
        _time.Advance(Limit + TimeSpan.FromMilliseconds(1.5));
        guard.Token(late.GetTimestamp());
        late.Hold = false;
        late.Release();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(AbortReason.Deadline, guard.Reason);
    }

    [Fact]
    public void Token_silence_after_it_is_a_stall()
    {
        Begin();
        _time.Advance(TimeSpan.FromSeconds(2));
        _guard.Token(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(AbortReason.Stall, _guard.Reason);
    }

    public void Dispose() => _guard.Dispose();

    private void Begin() => _guard.Begin(_time.GetTimestamp(), Limit);

    // Timers whose callbacks wait while they are held, as on a pool that is busy.
    private sealed class LateTimers(FakeTimeProvider time) : TimeProvider
    {
        private readonly List<Action> _held = [];

        public bool Hold { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(
            s =>
            {
                if (Hold)
                {
                    _held.Add(() => callback(s));
                }
                else
                {
                    callback(s);
                }
            },
            state, dueTime, period);

        public void Release()
        {
            foreach (var callback in _held)
            {
                callback();
            }
        }
    }
}
