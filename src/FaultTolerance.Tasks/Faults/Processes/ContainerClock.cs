using System.Globalization;
using System.Text;

namespace FaultTolerance.Faults.Processes;

/// <summary>
/// The clock that a script in a container stamps by (<c>/proc/uptime</c>, hundredths of a second), set against the run's. The script asks
/// and then says its time; it did so between our answer and the line's coming, so the shortest of a few rounds bounds the offset best.
/// </summary>
/// <param name="now">The run's clock.</param>
internal sealed class ContainerClock(Func<DateTimeOffset> now)
{
    /// <summary>How many rounds a script should ask for.</summary>
    public const int Rounds = 3;

    /// <summary>Shell function <c>now</c>, which puts the time into <c>up</c>, and the rounds, of which there are <c>$rounds</c>.</summary>
    public const string Script = """
        now() { up=; { IFS=' ' read -r up rest; } 2>/dev/null </proc/uptime; }
        while [ "$rounds" -gt 0 ]; do
          rounds=$((rounds - 1))
          echo 'clock?'
          IFS= read -r l || break
          now
          echo "clock $up"
        done
        """;

    private static readonly ReadOnlyMemory<byte> Reply = Encoding.ASCII.GetBytes("\n");
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(10);
    private DateTimeOffset _answered;
    private TimeSpan _half = TimeSpan.MaxValue;
    private DateTimeOffset _middle;
    private double _stamp;

    /// <summary>
    /// How far a stamp may be off: half of the shortest round, and the clock's own resolution; null before there was a round.
    /// </summary>
    public TimeSpan? Uncertainty => _half == TimeSpan.MaxValue ? null : _half + Resolution;

    /// <summary>Takes a line of the script, and gives what has to be sent in answer.</summary>
    public ReadOnlyMemory<byte>? Hear(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line == "clock?")
        {
            _answered = now();
            return Reply;
        }

        if (line.StartsWith("clock ", StringComparison.Ordinal) && Parse(line["clock ".Length..]) is { } stamp)
        {
            var came = now();
            var half = (came - _answered) / 2;
            if (half < _half)
            {
                (_half, _middle, _stamp) = (half, _answered + half, stamp);
            }
        }

        return null;
    }

    /// <summary>The run's time of one of the script's stamps; null where it is none, or there was no round.</summary>
    public DateTimeOffset? At(string? text) =>
        Uncertainty is not null && Parse(text) is { } stamp ? _middle + TimeSpan.FromSeconds(stamp - _stamp) : null;

    private static double? Parse(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
