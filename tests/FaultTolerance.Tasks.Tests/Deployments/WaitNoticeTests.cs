using FaultTolerance.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Deployments;

public sealed class WaitNoticeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _said = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_is_told_after_ten_seconds_of_the_same_and_every_ten_more()
    {
        await WaitAsync(new WaitNotice(_time, _said.Add), 32, second => second < 5 ? "a" : "b");

        Assert.Equal(["waiting for b, 15 s so far", "waiting for b, 25 s so far"], _said);
    }

    [Fact]
    public async Task Waiting_to_and_fro_between_two_states_is_no_progress()
    {
        await WaitAsync(new WaitNotice(_time, _said.Add), 25, second => second % 2 == 0 ? "crashed" : "runs");

        Assert.Equal(2, _said.Count);
    }

    [Fact]
    public async Task Waiting_has_more_words_asked_for_only_when_somebody_is_told()
    {
        var asked = 0;
        var notice = new WaitNotice(
            _time,
            _said.Add,
            _ =>
            {
                asked++;
                return Task.FromResult("; a said last: token=hunter22abc\n::error::x");
            }
        );

        await WaitAsync(notice, 11, _ => "a");

        Assert.Equal(["waiting for a; a said last: token=*** ::error::x, 10 s so far"], _said);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task While_tells_until_it_is_done_and_passes_its_error_on()
    {
        var done = new TaskCompletionSource();
        var waiting = new WaitNotice(_time, _said.Add).WhileAsync(done.Task, () => "etcd", Cancellation);
        for (var i = 0; i < 400 && _said.Count < 2; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Cancellation);
        }

        done.SetException(new FaultMatrixException("FT0409", "x"));

        Assert.Equal("FT0409", (await Assert.ThrowsAsync<FaultMatrixException>(() => waiting)).Code);
        Assert.True(_said.Count >= 2);
    }

    private async Task WaitAsync(WaitNotice notice, int seconds, Func<int, string> text)
    {
        for (var second = 0; second < seconds; second++)
        {
            await notice.WaitingAsync(text(second), Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
