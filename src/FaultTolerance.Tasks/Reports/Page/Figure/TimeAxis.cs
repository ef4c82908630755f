using System.Globalization;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>The one time axis of a picture.</summary>
/// <param name="Zero">The instant at 0 s, UTC ticks.</param>
/// <param name="From">Its left end.</param>
/// <param name="To">Its right end.</param>
internal sealed record TimeAxis(long Zero, long From, long To)
{
    /// <summary>Where the plots begin; names and scales stand left of it.</summary>
    public const double Left = 176;

    /// <summary>Where they end.</summary>
    public const double Right = 988;

    /// <summary>Where an instant lies, in units of the drawing; those outside lie at the edge.</summary>
    public double X(long at) => Left + ((double)(Math.Clamp(at, From, To) - From) / Math.Max(1, To - From) * (Right - Left));

    /// <summary>Whether an instant is within the time that is shown.</summary>
    public bool Shows(long at) => at >= From && at <= To;

    /// <summary>How much time is shown.</summary>
    public double Seconds => (double)(To - From) / TimeSpan.TicksPerSecond;

    /// <summary>Ticks at whole steps of 1, 2 or 5 times a power of ten seconds, zero among them.</summary>
    public IEnumerable<(double X, string Label)> Ticks()
    {
        var step = (long)(NiceStep(Seconds / 9) * TimeSpan.TicksPerSecond);
        for (var k = (long)Math.Ceiling((double)(From - Zero) / step); Zero + (k * step) <= To; k++)
        {
            var seconds = (double)k * step / TimeSpan.TicksPerSecond;
            yield return (
                X(Zero + (k * step)),
                k == 0 ? "0" : $"{(k > 0 ? "+" : "\u2212")}{Math.Abs(seconds).ToString("0.###", CultureInfo.InvariantCulture)} s"
            );
        }
    }

    /// <summary>The least of 1, 2, 5 times a power of ten that is not below a number.</summary>
    public static double NiceStep(double least)
    {
        if (!(least > 0))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= least * (1 - 1e-9)) * power;
    }
}
