namespace FaultTolerance.Deployments;

/// <summary>Says what is waited for, once nothing has changed for ten seconds and then every ten seconds.</summary>
/// <param name="time">The seconds.</param>
/// <param name="tell">Who is told; null for nobody.</param>
internal sealed class WaitNotice(TimeProvider time, Action<string>? tell)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private const int Longest = 600;
    private readonly long _from = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private string _text = "";

    /// <summary>Called each time that the wait has looked and found that it is not over.</summary>
    /// <param name="text">What is waited for and why; a text other than the last is progress.</param>
    public void Waiting(string text)
    {
        if (text != _text)
        {
            (_text, _last) = (text, time.GetTimestamp());
            return;
        }

        if (time.GetElapsedTime(_last) >= Every)
        {
            _last = time.GetTimestamp();
            tell?.Invoke(
                FormattableString.Invariant(
                    $"waiting for {SecretText.Hide(ForeignText.Line(text, Longest))}, {time.GetElapsedTime(_from).TotalSeconds:0} s so far"
                )
            );
        }
    }
}
