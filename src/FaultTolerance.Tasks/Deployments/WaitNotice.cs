namespace FaultTolerance.Deployments;

/// <summary>Says what is waited for, once nothing has changed for ten seconds and then every ten seconds.</summary>
/// <param name="time">The seconds.</param>
/// <param name="tell">Who is told; null for nobody.</param>
/// <param name="more">Asked for more words just before somebody is told, such as a pod's last line; null for none.</param>
internal sealed class WaitNotice(TimeProvider time, Action<string>? tell, Func<CancellationToken, Task<string>>? more = null)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private const int Longest = 900;
    private const int MostTexts = 1000;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly long _from = time.GetTimestamp();
    private long _last = time.GetTimestamp();

    /// <summary>Called each time that the wait has looked and found that it is not over.</summary>
    /// <param name="text">What is waited for and why. One that was not seen before is progress; going to and fro between two is none.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task WaitingAsync(string text, CancellationToken cancellation)
    {
        if (_seen.Count < MostTexts && _seen.Add(text))
        {
            _last = time.GetTimestamp();
        }
        else if (tell is not null && time.GetElapsedTime(_last) >= Every)
        {
            _last = time.GetTimestamp();
            var words = more is null ? "" : await more(cancellation);
            tell(
                FormattableString.Invariant(
                    $"waiting for {SecretText.Hide(ForeignText.Line(text + words, Longest))}, {time.GetElapsedTime(_from).TotalSeconds:0} s so far"
                )
            );
        }
    }

    /// <summary>Waits for what tells nothing itself, and says meanwhile that it is waited for.</summary>
    /// <param name="done">What is waited for; its error is the caller's.</param>
    /// <param name="text">What it is, as it stands now.</param>
    /// <param name="cancellation">Ends the telling.</param>
    public async Task WhileAsync(Task done, Func<string> text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(done);
        ArgumentNullException.ThrowIfNull(text);
        while (!done.IsCompleted && !cancellation.IsCancellationRequested)
        {
            using var next = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(done, Task.Delay(Look, time, next.Token));
            await next.CancelAsync();
            if (!done.IsCompleted && !cancellation.IsCancellationRequested)
            {
                await WaitingAsync(text(), cancellation);
            }
        }

        await done;
    }
}
