using System.Collections.Concurrent;
using System.Globalization;

namespace FaultTolerance.Faults.Heal;

/// <summary>Which faults are to end before their time, by their step's number.</summary>
internal sealed class EarlyEnds
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _ends = new(StringComparer.Ordinal);

    /// <summary>Asked for when a fault is to end.</summary>
    /// <param name="id">The fault's id, <c>1.2</c>: its step and its target.</param>
    public CancellationToken Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _ends.GetOrAdd(id.Split('.')[0], static _ => new CancellationTokenSource()).Token;
    }

    /// <summary>Ends the fault of a step.</summary>
    public Task EndAsync(int step)
    {
        var number = step.ToString(CultureInfo.InvariantCulture);
        return _ends.GetOrAdd(number, static _ => new CancellationTokenSource()).CancelAsync();
    }
}
